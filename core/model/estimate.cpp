#include "core/model/estimate.h"

#include <utility>
#include <vector>

#include "core/base/dtype.h"
#include "core/model/llama.h"
#include "core/model/memory_fit.h"

namespace z2 {

namespace {

constexpr int64_t kBytesPerParameter = int64_t{3} * 4;  // fp32 weight, m and v

DType computeTypeOf(const RunConfig& config) {
  if (config.text("train.dtype") == "fp8") return DType::kBF16;
  for (const DType type : {DType::kBF16, DType::kF16})
    if (nameOf(type) == config.text("train.dtype")) return type;
  return DType::kF32;
}

}  // namespace

Result<RunEstimate> estimateRun(const RunConfig& config) {
  RunEstimate estimate;
  Z2_TRY(estimate.model, LlamaConfig::fromRunConfig(config));
  const int64_t length = config.integer("data.seq_len");
  Z2_TRY(const LoraConfig lora, LoraConfig::fromRunConfig(config));
  LlamaOptions options{.rows = config.integer("train.micro_batch_size"),
                       .columns = length,
                       .type = computeTypeOf(config),
                       .usesFp8 = config.text("train.dtype") == "fp8",
                       .lora = lora};
  const std::vector<Recompute> recomputes = recomputesOf(config);
  options.recompute = recomputes.front();
  Z2_TRY(estimate.memory, planMemory(estimate.model, options, nullptr));
  estimate.leastMemory = estimate.memory;
  if (recomputes.size() > 1) {
    options.recompute = recomputes.back();
    Z2_TRY(estimate.leastMemory, planMemory(estimate.model, options, nullptr));
  }
  estimate.parameters = estimate.model.parameterCount();
  estimate.matmulParameters = estimate.model.matmulParameterCount();
  const int64_t adapters = AdapterLayout(estimate.model, lora).parameterCount();
  estimate.trainedParameters = lora.isOn() ? adapters : estimate.parameters;
  estimate.snapshotBytes = kBytesPerParameter * estimate.trainedParameters;
  estimate.checkpointBytes = kBytesPerParameter * estimate.trainedParameters;
  estimate.tokensPerStep = options.rows * length * config.integer("train.grad_accum_steps");
  const StepFlops perToken = flopsPerToken(estimate.model, length, adapters);
  const auto tokens = static_cast<double>(estimate.tokensPerStep);
  estimate.stepFlops = {perToken.full * tokens, perToken.causal * tokens};
  return estimate;
}

}  // namespace z2
