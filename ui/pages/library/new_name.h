#pragma once

// Names that people give to tokenizers, data and models: folders of the workspace.

#include <filesystem>

#include <QString>

namespace z2::ui {

// Why `name` cannot be a new folder in `folder`, as a sentence; empty when it can.
[[nodiscard]] QString nameProblem(const std::filesystem::path& folder, const QString& name);
// `wish`, or with a number behind it, so that it is free in `folder`.
[[nodiscard]] QString freeName(const std::filesystem::path& folder, const QString& wish);

}  // namespace z2::ui
