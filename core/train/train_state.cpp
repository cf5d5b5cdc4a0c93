#include "core/train/train_state.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace z2 {

namespace {

// Reads `value[key]` into `out`; remembers the first key that is missing or of another type.
template <typename T>
void read(const Json& value, const char* key, T& out, std::string& broken) {
  constexpr bool isText = std::is_same_v<T, std::string>;
  const auto found = value.find(key);
  const bool fits = found != value.end() && (isText                  ? found->is_string()
                                             : std::is_unsigned_v<T> ? found->is_number_unsigned()
                                             : std::is_integral_v<T> ? found->is_number_integer()
                                                                     : found->is_number());
  if (fits) {
    out = found->get<T>();
  } else if (broken.empty()) {
    broken = key;
  }
}

}  // namespace

Json toJson(const TrainState& state, const Json& config) {
  Json value = {{"step", state.step},
                {"cursor", state.cursor},
                {"micro_batches", state.microBatches},
                {"tokens", state.tokens},
                {"skipped_steps", state.skippedSteps},
                {"skipped_in_row", state.skippedInRow},
                {"loss_scale", state.lossScale},
                {"steps_at_loss_scale", state.stepsAtLossScale},
                {"window_loss", state.windowLoss},
                {"window_valid_tokens", state.windowValidTokens}};
  if (!state.windowMetrics.empty()) value["window_metrics"] = state.windowMetrics;
  if (state.rewards.count > 0)
    value["rewards"] = {{"sum", state.rewards.sum}, {"count", state.rewards.count}};
  if (state.bestValidLoss) value["best_valid_loss"] = *state.bestValidLoss;
  value["data_fingerprint"] = state.dataFingerprint;
  value["config"] = config;
  return value;
}

Result<TrainState> parseTrainState(const Json& value, std::string_view where) {
  TrainState state;
  std::string broken = value.is_object() ? "" : "state";
  if (broken.empty()) {
    read(value, "step", state.step, broken);
    read(value, "cursor", state.cursor, broken);
    read(value, "micro_batches", state.microBatches, broken);
    read(value, "tokens", state.tokens, broken);
    read(value, "skipped_steps", state.skippedSteps, broken);
    read(value, "skipped_in_row", state.skippedInRow, broken);
    read(value, "loss_scale", state.lossScale, broken);
    read(value, "steps_at_loss_scale", state.stepsAtLossScale, broken);
    read(value, "window_loss", state.windowLoss, broken);
    read(value, "window_valid_tokens", state.windowValidTokens, broken);
    read(value, "data_fingerprint", state.dataFingerprint, broken);
    if (value.contains("window_metrics") && value["window_metrics"].is_object())
      for (const auto& [name, sum] : value["window_metrics"].items())
        if (sum.is_number()) state.windowMetrics[name] = sum.get<double>();
    if (value.contains("rewards") && value["rewards"].is_object()) {
      read(value["rewards"], "sum", state.rewards.sum, broken);
      read(value["rewards"], "count", state.rewards.count, broken);
    }
    if (value.contains("best_valid_loss")) {
      double best = 0;
      read(value, "best_valid_loss", best, broken);
      state.bestValidLoss = best;
    }
  }
  if (!broken.empty())
    return badInput(std::string(where),
                    "the checkpoint is not of a training run: \"" + broken + "\" is missing",
                    "To begin from its weights, name it in model.init_from of a new run");
  return state;
}

}  // namespace z2
