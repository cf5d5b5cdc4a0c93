#include "ui/services/page_id.h"

#include <array>
#include <utility>

namespace z2::ui {

namespace {

constexpr std::array<std::pair<PageId, const char*>, 10> kNames = {
    {{PageId::kRuns, "runs"},
     {PageId::kRun, "run"},
     {PageId::kCompare, "compare"},
     {PageId::kNewRun, "new"},
     {PageId::kData, "data"},
     {PageId::kTokenizers, "tokenizers"},
     {PageId::kModels, "models"},
     {PageId::kChat, "chat"},
     {PageId::kQueue, "queue"},
     {PageId::kSettings, "settings"}}};

}  // namespace

QString nameOf(PageId page) {
  for (const auto& [id, name] : kNames)
    if (id == page) return QString::fromLatin1(name);
  return {};
}

std::optional<PageId> parsePageId(const QString& name) {
  for (const auto& [id, text] : kNames)
    if (name == QLatin1String(text)) return id;
  return std::nullopt;
}

}  // namespace z2::ui
