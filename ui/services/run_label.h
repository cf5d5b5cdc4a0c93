#pragma once

// What a person says about a run: RUN/label.json {"title","tags","archived"}. It is the window's
// own file; training neither reads nor writes it.

#include <filesystem>

#include <QString>
#include <QStringList>

#include "core/base/error.h"

namespace z2::ui {

struct RunLabel {
  QString title = {};  // empty: the directory's name
  QStringList tags = {};
  bool isArchived = false;
};

// A missing or damaged file is an empty label: it must never hide a run.
[[nodiscard]] RunLabel readRunLabel(const std::filesystem::path& run);
// Atomic. An empty label removes the file.
[[nodiscard]] Result<void> writeRunLabel(const std::filesystem::path& run, const RunLabel& label);

// "a, b , ,a" → {"a", "b"}.
[[nodiscard]] QStringList parseTags(const QString& text);

}  // namespace z2::ui
