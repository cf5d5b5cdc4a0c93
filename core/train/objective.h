#pragma once

// What an optimizer step minimises and a validation measures: the loss of the next token
// (core/train/next_token.h) or of preferences (core/train/preference_objective.h).

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "core/base/error.h"
#include "core/model/llama.h"
#include "core/train/train_state.h"

namespace z2 {

// By the names under which metrics.jsonl has them.
using Metrics = std::map<std::string, double>;

struct StepOutcome {
  double loss = 0;         // sum over what is counted
  int64_t counted = 0;     // tokens that have a target, or pairs
  Metrics sums;            // what else is told of a step, as sums over the same
  double gradNorm = 0;     // before clipping, of the mean loss
  bool isSkipped = false;  // the norm was not finite: weights and moments are as before

  [[nodiscard]] bool isApplied() const { return !isSkipped && std::isfinite(loss); }
};

class Objective {
 public:
  virtual ~Objective() = default;

  // The micro-batches of step state.step + 1, from state.cursor on: adds the gradient of lossScale
  // × the mean loss over all that they count, however they are cut. Advances tokens, microBatches
  // and what the loss remembers, not step and cursor.
  [[nodiscard]] virtual Result<StepOutcome> accumulate(Llama& model, TrainState& state,
                                                       double lossScale) = 0;

  [[nodiscard]] virtual uint64_t samplesPerStep() const = 0;  // in the cursor's unit
  [[nodiscard]] virtual int64_t tokensPerStep() const = 0;    // positions computed
  // Identity of data and order (BatchSource::fingerprint).
  [[nodiscard]] virtual std::string fingerprint() const = 0;
};

// Over the same batches each time.
class Evaluation {
 public:
  virtual ~Evaluation() = default;

  // "valid/loss", the mean over all that is counted, and what else there is. `onBatch` after each
  // batch.
  [[nodiscard]] virtual Result<Metrics> run(Llama& model, const TrainState& state,
                                            const std::function<void()>& onBatch) = 0;
};

}  // namespace z2
