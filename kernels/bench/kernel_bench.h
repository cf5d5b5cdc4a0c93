#pragma once

// One run of the benchmark of kernels: its buffers, its clock, the rows measured so far. Private to
// kernels/bench; each file beside this one measures a group of operations.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/bench/bench_kernels.h"
#include "kernels/bench/bench_memory.h"

namespace z2 {

class KernelBench {
 public:
  KernelBench(const Z2Ops& ops, const KernelBenchOptions& options)
      : ops_(ops),
        options_(options),
        memory_(ops),
        type_(static_cast<Z2DType>(options.type)),
        width_(static_cast<int64_t>(sizeOf(options.type))),
        N_(options.batch * options.length),
        C_(options.hidden),
        F_(options.intermediate),
        V_(options.vocabulary),
        Q_(options.heads * options.headSize),
        packed_((options.heads + 2 * options.kvHeads) * options.headSize) {}

  Result<Json> run();

 private:
  using Seconds = std::chrono::duration<double>;

  // Seconds of one call: the best of several runs of calls back to back.
  template <typename Call>
  Result<double> time(Call call) {
    const auto batch = [&](int64_t calls) -> Result<double> {
      const auto start = std::chrono::steady_clock::now();
      for (int64_t i = 0; i < calls; ++i) Z2_TRY_VOID(checked(ops_, call()));
      Z2_TRY_VOID(checked(ops_, ops_.synchronize(ops_.context)));
      return Seconds(std::chrono::steady_clock::now() - start).count();
    };
    Z2_TRY_VOID(batch(1));
    Z2_TRY(const double once, batch(1));
    constexpr int kBatches = 5;
    const double wanted = options_.secondsPerKernel / kBatches / std::max(once, 1e-7);
    const auto calls = static_cast<int64_t>(std::clamp(wanted, 1.0, 10000.0));
    double best = once;
    for (int i = 0; i < kBatches; ++i) {
      Z2_TRY(const double seconds, batch(calls));
      best = std::min(best, seconds / static_cast<double>(calls));
    }
    return best;
  }

  template <typename Args>
  Result<double> time(Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    return time([&] { return entry(ops_.context, &a); });
  }

  void add(std::string_view name, const std::string& shape, double seconds, const char* unit,
           double speed, double ceiling) {
    rows_.push_back({{"name", name},
                     {"shape", shape},
                     {"dtype", nameOf(options_.type)},
                     {"ms", seconds * 1e3},
                     {unit, speed},
                     {"ceiling", ceiling},
                     {"percent", 100 * speed / ceiling}});
  }
  // A kernel that memory bounds: `bytes` read and written.
  template <typename Args>
  Result<void> moves(std::string_view name, const std::string& shape, int64_t bytes,
                     Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    Z2_TRY(const double seconds, time(entry, a));
    add(name, shape, seconds, "gb_s", static_cast<double>(bytes) / seconds * 1e-9, bandwidth_);
    return {};
  }
  template <typename Args>
  Result<void> computes(std::string_view name, const std::string& shape, double operations,
                        Z2Status (*entry)(Z2Context*, const Args*), const Args& a) {
    Z2_TRY(const double seconds, time(entry, a));
    add(name, shape, seconds, "tflop_s", operations / seconds * 1e-12, peak_);
    return {};
  }

  static std::string shapeOf(std::initializer_list<int64_t> sizes) {
    std::string text;
    for (const int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
  }

  static Z2Codes codesOf(void* codes, void* transposed, Z2Scale* scale, Z2DType type,
                         int32_t isKnown = 0) {
    return {
        .codes = codes, .transposed = transposed, .scale = scale, .type = type, .isKnown = isKnown};
  }

  // What the others are measured against: the speed of copying and of a large product.
  Result<void> ceilings();
  Result<Z2Matmul> square(BenchMemory& memory, int64_t n);
  [[nodiscard]] std::vector<int32_t> tokens() const;

  // bench_layers.cpp
  Result<void> embedding();
  Result<void> rmsNorm();
  Result<void> rope();
  Result<void> attention();
  Result<void> swiglu();
  Result<void> crossEntropy();
  // bench_products.cpp
  Result<void> linear(const std::string& name, int64_t in, int64_t out);
  Result<void> matmuls();
  // bench_fp8.cpp
  Result<Z2Scale*> scaleIn(BenchMemory& memory) const;
  Result<void> linear8(const std::string& name, int64_t in, int64_t out);
  Result<void> matmuls8();
  // bench_optimizer.cpp
  Result<void> optimizer();
  Result<void> elementwise();
  // bench_generation.cpp
  Result<void> rowLinears();
  Result<void> attentionStep();
  Result<void> greedy();

  const Z2Ops& ops_;
  KernelBenchOptions options_;
  BenchMemory memory_;
  Z2DType type_;
  int64_t width_;  // bytes of an element
  int64_t N_, C_, F_, V_, Q_, packed_;
  double bandwidth_ = 0;  // GB/s of a copy, reads and writes counted
  double peak_ = 0;       // TFLOP/s
  Json rows_ = Json::array();
};

}  // namespace z2
