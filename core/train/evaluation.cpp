#include "core/train/evaluation.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace z2 {

Evaluation::Evaluation(BatchSampler sampler, int64_t rows, int64_t batches)
    : sampler_(std::move(sampler)),
      rows_(rows),
      samples_(std::min(sampler_.samplesPerEpoch(), static_cast<uint64_t>(rows * batches))) {}

Result<double> Evaluation::run(Llama& model, const std::function<void()>& onBatch) {
  double loss = 0;
  int64_t tokens = 0;
  for (uint64_t at = 0; at < samples_;) {
    const auto rows = static_cast<int64_t>(std::min(static_cast<uint64_t>(rows_), samples_ - at));
    Z2_TRY_VOID(sampler_.read(at, rows, batch_));
    Z2_TRY(const double sum, model.evaluate(batch_));
    loss += sum;
    tokens += batch_.validTokens;
    at += static_cast<uint64_t>(rows);
    onBatch();
  }
  if (tokens == 0)
    return badInput("data.valid", "the validation data has no token that counts in the loss");
  return loss / static_cast<double>(tokens);
}

}  // namespace z2
