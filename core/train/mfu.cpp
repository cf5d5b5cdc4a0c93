#include "core/train/mfu.h"

#include "core/model/operations.h"

namespace z2 {

Result<double> peakTflops(const Z2Ops& ops, DType type) {
  Z2DeviceInfo info{};
  Z2_TRY_VOID(checkStatus(ops, ops.deviceInfo(ops.context, &info), "deviceInfo"));
  return info.peakTflops[static_cast<int>(type)];
}

Utilisation utilisation(const LlamaConfig& config, int64_t sequenceLength, double tokensPerSecond,
                        double peakTflops, int64_t adapters) {
  if (peakTflops <= 0) return {};
  const StepFlops flops = flopsPerToken(config, sequenceLength, adapters);
  const double perFlop = tokensPerSecond / (peakTflops * 1e12);
  return {flops.full * perFlop, flops.causal * perFlop};
}

}  // namespace z2
