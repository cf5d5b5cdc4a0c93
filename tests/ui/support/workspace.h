#pragma once

// A workspace of its own for a test of the window, with runs whose files say what the test wants.

#include <filesystem>
#include <string>

#include <QString>
#include <QTemporaryDir>

#include "core/run/run_status.h"

namespace z2::ui {

struct TestRun {
  std::string name;
  RunState state = RunState::kFinished;
  int rows = 100;  // of metrics.jsonl; row i has step i and a loss that falls from 5
  double loss = 5;
  std::string error = {};  // of its status
};

// Makes it in the workspace that this folder is, and gives its own folder.
std::filesystem::path addTestRun(const std::filesystem::path& workspace, const TestRun& run);

class TestWorkspace {
 public:
  [[nodiscard]] std::filesystem::path path() const;
  [[nodiscard]] QString settingsFile() const { return folder_.filePath(QStringLiteral("w.ini")); }
  std::filesystem::path add(const TestRun& run) const { return addTestRun(path(), run); }

 private:
  QTemporaryDir folder_;
};

}  // namespace z2::ui
