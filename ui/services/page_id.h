#pragma once

// The places of the window, by the names of `zero2all --page`.

#include <optional>

#include <QString>

namespace z2::ui {

enum class PageId {
  kRuns,
  kRun,
  kCompare,
  kNewRun,
  kData,
  kTokenizers,
  kModels,
  kQueue,
  kSettings,
  kChat
};

[[nodiscard]] QString nameOf(PageId page);  // "runs", "run", "compare", "new", …
[[nodiscard]] std::optional<PageId> parsePageId(const QString& name);

}  // namespace z2::ui
