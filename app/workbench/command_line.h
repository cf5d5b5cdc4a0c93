#pragma once

// The command line of zero2all.

#include <optional>

#include <QSize>
#include <QString>
#include <QStringList>

#include "core/base/error.h"
#include "ui/services/page_id.h"
#include "ui/theme/theme.h"

namespace z2::ui {

struct CommandLine {
  QString workspace;              // absolute
  bool isWorkspaceNamed = false;  // on the command line or by Z2_WORKSPACE
  std::optional<PageId> page = {};
  QStringList select = {};
  std::optional<QString> language = {};  // "en" or "zh_CN", for this start only
  std::optional<ThemeName> theme = {};
  std::optional<QSize> size = {};
  QString screenshot = {};  // a PNG to write; then the program ends
  QString text = {};        // --help or --version: to be printed instead of all else
};

// `arguments` without the program's name. Errors are kUsage.
[[nodiscard]] Result<CommandLine> parseCommandLine(const QStringList& arguments);

}  // namespace z2::ui
