#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/run/run_report.h"

namespace z2::ui {

// One run as tables and headers show it.
struct RunSummary {
  QString name;  // of the directory
  std::filesystem::path path;
  QString title;  // the user's name for it; the directory's when none was given
  QString task;
  QString created;  // UTC, ISO 8601
  RunReport report;
  std::optional<double> loss, validLoss, tokensPerSecond, mfu;
  std::vector<float> spark;  // the loss, at most 64 points over the whole run
  QStringList tags;
  bool isArchived = false;
  QString problem;  // a directory whose run cannot be read: why; then only name and path are valid
};

}  // namespace z2::ui
