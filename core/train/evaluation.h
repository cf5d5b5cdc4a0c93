#pragma once

// Validation loss over the same batches each time.

#include <cstdint>
#include <functional>
#include <utility>

#include "core/base/error.h"
#include "core/data/batch_sampler.h"
#include "core/model/llama.h"

namespace z2 {

class Evaluation {
 public:
  // The first `batches` × `rows` samples of `sampler`, in the data's order; not more than there
  // are.
  Evaluation(BatchSampler sampler, int64_t rows, int64_t batches);

  // Mean loss of the valid tokens, summed in double. `onBatch` after each batch.
  [[nodiscard]] Result<double> run(Llama& model, const std::function<void()>& onBatch);

 private:
  BatchSampler sampler_;
  int64_t rows_;
  uint64_t samples_;
  Batch batch_;
};

}  // namespace z2
