#pragma once

// What the tests of the GPU's table share: each operation runs with the CPU's and with the GPU's,
// on tensors that both have. Skipped without a GPU.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu_ops.h"
#include "tests/kernels/cuda/gpu_table.h"
#include "tests/kernels/cuda/twin_tensor.h"

namespace z2 {

class TwinTest : public testing::TestWithParam<Z2DType> {
 protected:
  explicit TwinTest(uint32_t seed) : generator_(seed) {}

  void SetUp() override {
    std::string reason;
    twins_ = {&cpuOps(), gpuOps(reason)};
    if (twins_.gpu == nullptr) GTEST_SKIP() << "no GPU: " << reason;
  }

  // Runs `call` with each table; both must succeed.
  template <typename Call>
  void onBoth(Call call) {
    for (const Z2Ops* ops : {twins_.cpu, twins_.gpu}) {
      ASSERT_EQ(call(*ops), Z2_OK) << ops->lastError(ops->context);
      ASSERT_EQ(ops->synchronize(ops->context), Z2_OK) << ops->lastError(ops->context);
    }
  }

  TwinTensor random(int64_t n, Z2DType type, float spread = 1.f) {
    return TwinTensor::random(twins_, n, type, spread, generator_);
  }
  TwinTensor poisoned(int64_t n, Z2DType type) { return TwinTensor::poisoned(twins_, n, type); }
  TwinTensor ints(const std::vector<int32_t>& values) {
    return TwinTensor::bytes(twins_, values.data(), values.size() * sizeof(int32_t));
  }
  TwinTensor workspace(size_t bytes) {
    return TwinTensor::poisoned(twins_, static_cast<int64_t>(bytes / 4 + 64), Z2_F32);
  }
  // The larger of the two tables' needs.
  size_t need(const std::function<size_t(const Z2Ops&)>& size) {
    return std::max(size(*twins_.cpu), size(*twins_.gpu));
  }

  Twins twins_;
  std::mt19937 generator_;
};

}  // namespace z2
