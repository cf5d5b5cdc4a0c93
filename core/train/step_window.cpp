#include "core/train/step_window.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "core/train/mfu.h"

namespace z2 {

void StepWindow::add(const StepOutcome& outcome, double seconds, TrainState& state) {
  seconds_ += seconds;
  ++steps_;
  counted_ += outcome.counted;
  lastGradNorm_ = outcome.gradNorm;
  if (!outcome.isApplied()) return;
  state.windowLoss += outcome.loss;
  state.windowValidTokens += static_cast<uint64_t>(outcome.counted);
  for (const auto& [name, sum] : outcome.sums) state.windowMetrics[name] += sum;
}

Json StepWindow::take(TrainState& state, double learningRate) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto counted = static_cast<double>(state.windowValidTokens);
  const double stepSeconds = seconds_ / static_cast<double>(steps_);
  const double rate = static_cast<double>(tokensPerStep_) / stepSeconds;
  const Utilisation used = utilisation(model_.config(), config_.integer("data.seq_len"), rate,
                                       peakTflops_, model_.adapterLayout().parameterCount());
  Json row = {{"tokens", state.tokens},
              {"loss", counted > 0 ? state.windowLoss / counted : kNone},
              {"lr", learningRate},
              {"grad_norm", lastGradNorm_},
              {"tok_s", rate},
              {"mfu", used.full},
              {"mfu_causal", used.causal},
              {"step_s", stepSeconds},
              {"mem_gb", static_cast<double>(model_.memory().totalBytes()) / 1e9}};
  // What a step learns from: positions alone flatter rows that are mostly padding.
  if (config_.task() != Task::kPretrain)
    row[config_.task() == Task::kSft ? "trained_tok_s" : "pairs_s"] =
        static_cast<double>(counted_) / seconds_;
  if (state.skippedSteps > 0) row["skipped_steps"] = state.skippedSteps;
  if (counted > 0)
    for (const auto& [name, sum] : state.windowMetrics) row[name] = sum / counted;
  state.windowLoss = 0;
  state.windowValidTokens = 0;
  state.windowMetrics.clear();
  seconds_ = 0;
  steps_ = 0;
  counted_ = 0;
  return row;
}

}  // namespace z2
