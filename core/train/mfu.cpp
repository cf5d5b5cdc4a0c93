#include "core/train/mfu.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "core/model/operations.h"

namespace z2 {

namespace {

constexpr int64_t kSize = 1024;
constexpr double kMeasureSeconds = 0.1;
constexpr int kMostRounds = 50;

Result<PeakRate> measureMatmul(const Z2Ops& ops) {
  constexpr int64_t kBytes = kSize * kSize * static_cast<int64_t>(sizeof(float));
  Z2_TRY(const DeviceMemory memory, DeviceMemory::allocate(ops, 3 * kBytes));
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  double best = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    const auto start = Clock::now();
    const Z2Matmul square{.out = memory.at(0),
                          .a = memory.at(kBytes),
                          .b = memory.at(2 * kBytes),
                          .bias = nullptr,
                          .M = kSize,
                          .N = kSize,
                          .K = kSize,
                          .transposeA = 0,
                          .transposeB = 1,
                          .beta = 0,
                          .type = Z2_F32,
                          .outType = Z2_F32};
    Z2_TRY_VOID(call<&Z2Ops::matmul>(ops, square, "measuring the peak"));
    Z2_TRY_VOID(checkStatus(ops, ops.synchronize(ops.context), "synchronize"));
    const auto end = Clock::now();
    const double seconds = std::chrono::duration<double>(end - start).count();
    best = std::max(best, 2.0 * kSize * kSize * kSize / seconds / 1e12);
    if (std::chrono::duration<double>(end - begin).count() > kMeasureSeconds) break;
  }
  return PeakRate{best, "the best of several fp32 matmuls of 1024 x 1024, measured here"};
}

}  // namespace

Result<PeakRate> peakRate(const Z2Ops& ops, DType type) {
  Z2DeviceInfo info{};
  Z2_TRY_VOID(checkStatus(ops, ops.deviceInfo(ops.context, &info), "deviceInfo"));
  const double known = info.peakTflops[static_cast<int>(type)];
  if (known > 0) return PeakRate{known, "the device's data sheet"};
  return measureMatmul(ops);
}

Utilisation utilisation(const LlamaConfig& config, int64_t sequenceLength, double tokensPerSecond,
                        const PeakRate& peak) {
  if (peak.tflops <= 0) return {};
  const StepFlops flops = flopsPerToken(config, sequenceLength);
  const double perFlop = tokensPerSecond / (peak.tflops * 1e12);
  return {flops.full * perFlop, flops.causal * perFlop};
}

}  // namespace z2
