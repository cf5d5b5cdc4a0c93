#pragma once

// What is true about a run that is being planned: its configuration, what is wrong with it, what it
// will cost.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "core/model/estimate.h"
#include "core/run_setup/run_setup.h"
#include "ui/pages/new_run/workspace_stock.h"

namespace z2::ui {

// How fast it will be, and how that is known.
struct SpeedGuess {
  enum class Source { kSameRun, kOtherRun, kProcessor };
  double tokensPerSecond = 0;
  Source source = Source::kProcessor;
  QString run;  // the run that was measured
};

struct PresetFigures {
  std::string name;
  int64_t parameters = 0;
  int64_t layers = 0;
  int64_t hidden = 0;
  int64_t context = 0;
};

struct PlanCheck {
  Task task = Task::kPretrain;  // for which the training data was made
  ConfigDraft draft;
  std::optional<RunSetup> setup;        // when it can be started
  std::optional<RunEstimate> estimate;  // when its shape is possible
  double dataTokens = 0;                // of the training data; 0: not known
  std::string dataHash;                 // of the tokenizer that made it; empty: not known
  std::string tokenizerHash;            // of tokenizer.path
  double runTokens = 0;                 // that it will see
  SpeedGuess speed;
  double diskFree = 0;
  double machineMemory = 0;
  std::vector<PresetFigures> presets;
};

// Reads small files; for a worker thread, one call at a time.
class PlanChecker {
 public:
  explicit PlanChecker(std::filesystem::path workspace) : workspace_(std::move(workspace)) {}
  [[nodiscard]] PlanCheck check(const std::vector<std::string>& settings,
                                const WorkspaceStock& stock);

 private:
  void checkData(PlanCheck& check) const;
  void checkTokenizer(PlanCheck& check, const WorkspaceStock& stock);
  void estimate(PlanCheck& check, const WorkspaceStock& stock) const;

  std::filesystem::path workspace_;
  std::filesystem::path hashedPath_;  // the tokenizer that was opened last
  std::string hash_;
};

}  // namespace z2::ui
