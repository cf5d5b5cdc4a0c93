#include "core/optim/adamw_optimizer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"

namespace z2 {

namespace {

// The scalar has a line of its own before the workspace.
constexpr int64_t kScalarBytes = 256;

}  // namespace

AdamWSettings AdamWSettings::fromRunConfig(const RunConfig& run) {
  return {.beta1 = static_cast<float>(run.real("optim.beta1")),
          .beta2 = static_cast<float>(run.real("optim.beta2")),
          .eps = static_cast<float>(run.real("optim.eps")),
          .weightDecay = static_cast<float>(run.real("optim.weight_decay")),
          .gradClip = static_cast<float>(run.real("optim.grad_clip")),
          .isFused = run.flag("fused.adamw")};
}

int64_t adamWScratchBytes(const Z2Ops& ops, int64_t size) {
  return kScalarBytes + static_cast<int64_t>(ops.squaredNormWorkspace(ops.context, size));
}

Result<AdamWOptimizer> AdamWOptimizer::create(const FlatBuffers& buffers, int64_t decayEnd,
                                              const AdamWSettings& settings, const Z2Ops& ops) {
  Z2_CHECK(buffers.gradients != nullptr && buffers.m != nullptr && buffers.v != nullptr,
           "the model has no gradients or moments");
  Z2_TRY(DeviceMemory scratch, DeviceMemory::allocate(ops, adamWScratchBytes(ops, buffers.size)));
  return AdamWOptimizer(buffers, decayEnd, settings, ops, std::move(scratch));
}

AdamWOptimizer::AdamWOptimizer(const FlatBuffers& buffers, int64_t decayEnd,
                               const AdamWSettings& settings, const Z2Ops& ops,
                               DeviceMemory scratch)
    : buffers_(buffers),
      decayEnd_(decayEnd),
      settings_(settings),
      ops_(&ops),
      scratch_(std::move(scratch)) {}

double* AdamWOptimizer::squaredNorm() const { return reinterpret_cast<double*>(scratch_.at(0)); }

Result<void> AdamWOptimizer::measureNorm(int64_t begin, int64_t end, bool isFirst) {
  const Z2SquaredNorm norm = {.out = squaredNorm(),
                              .x = buffers_.gradients + begin,
                              .n = end - begin,
                              .accumulate = isFirst ? 0 : 1,
                              .workspace = scratch_.at(kScalarBytes)};
  return checkStatus(*ops_, ops_->squaredNorm(ops_->context, &norm), "gradient norm");
}

Result<void> AdamWOptimizer::updateRange(int64_t begin, int64_t end, float weightDecay,
                                         int64_t step, float lr, float gradScale) {
  if (begin >= end) return {};
  std::byte* const weights = buffers_.hasOwnWeights()
                                 ? static_cast<std::byte*>(buffers_.weights) +
                                       begin * static_cast<int64_t>(sizeOf(buffers_.type))
                                 : nullptr;
  const Z2AdamW update = {.master = buffers_.master + begin,
                          .m = buffers_.m + begin,
                          .v = buffers_.v + begin,
                          .grad = buffers_.gradients + begin,
                          .weights = weights,
                          .squaredNorm = squaredNorm(),
                          .n = end - begin,
                          .lr = lr,
                          .beta1 = settings_.beta1,
                          .beta2 = settings_.beta2,
                          .eps = settings_.eps,
                          .weightDecay = weightDecay,
                          .gradScale = gradScale,
                          .maxNorm = settings_.gradClip,
                          .step = step,
                          .weightType = static_cast<Z2DType>(buffers_.type),
                          .zeroGrad = 1,
                          .fused = settings_.isFused ? 1 : 0};
  return checkStatus(*ops_, ops_->adamw(ops_->context, &update), "AdamW");
}

Result<void> AdamWOptimizer::update(int64_t begin, int64_t end, int64_t step, float lr,
                                    float gradScale) {
  Z2_TRY_VOID(
      updateRange(begin, std::min(end, decayEnd_), settings_.weightDecay, step, lr, gradScale));
  return updateRange(std::max(begin, decayEnd_), end, 0.0f, step, lr, gradScale);
}

Result<void> AdamWOptimizer::step(int64_t step, float lr, float gradScale) {
  Z2_TRY_VOID(measureNorm(0, buffers_.size, true));
  return update(0, buffers_.size, step, lr, gradScale);
}

Result<double> AdamWOptimizer::gradientNorm() const {
  double squared = 0;
  Z2_TRY_VOID(checkStatus(*ops_,
                          ops_->copyToHost(ops_->context, &squared, squaredNorm(), sizeof(squared)),
                          "reading the gradient norm"));
  return std::sqrt(squared);
}

}  // namespace z2
