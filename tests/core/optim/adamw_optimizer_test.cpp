#include "core/optim/adamw_optimizer.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu_ops.h"

namespace z2 {
namespace {

// Flat buffers on the CPU, where a vector is device memory.
struct Flat {
  explicit Flat(size_t size) : master(size), gradients(size), m(size), v(size) {
    for (size_t i = 0; i < size; ++i) {
      master[i] = 0.1f * static_cast<float>(i % 7) - 0.2f;
      gradients[i] = 0.5f * static_cast<float>(i % 5) - 0.9f;
    }
  }
  [[nodiscard]] FlatBuffers buffers() {
    return {.master = master.data(),
            .weights = master.data(),
            .gradients = gradients.data(),
            .m = m.data(),
            .v = v.data(),
            .size = static_cast<int64_t>(master.size())};
  }
  std::vector<float> master, gradients, m, v;
};

double normOf(const std::vector<float>& values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return std::sqrt(squares);
}

TEST(AdamWOptimizer, ClipsDecaysAndMovesByTheFormula) {
  Flat flat(256);
  const Flat before(256);
  const AdamWSettings settings = {.beta1 = 0.9f, .beta2 = 0.95f, .weightDecay = 0.5f};
  AdamWOptimizer optimizer = *AdamWOptimizer::create(flat.buffers(), 128, settings, cpuOps(1));
  ASSERT_TRUE(optimizer.step(1, 0.01f));
  const double norm = normOf(before.gradients);
  EXPECT_NEAR(*optimizer.gradientNorm(), norm, 1e-6 * norm);
  for (size_t i = 0; i < 256; ++i) {
    const double g = before.gradients[i] / (norm + 1e-6);  // the clip is at 1
    const double decay = i < 128 ? 0.5 * before.master[i] : 0.0;
    // At the first step the corrected moments are g and g^2.
    const double expected = before.master[i] - 0.01 * (decay + g / (std::abs(g) + 1e-8));
    EXPECT_NEAR(flat.master[i], expected, 2e-6) << i;
    EXPECT_EQ(flat.gradients[i], 0.0f);
  }
}

TEST(AdamWOptimizer, WorksByPiecesAsByTheWhole) {
  Flat whole(4096);
  Flat pieces(4096);
  AdamWOptimizer one = *AdamWOptimizer::create(whole.buffers(), 1024, {}, cpuOps(1));
  AdamWOptimizer two = *AdamWOptimizer::create(pieces.buffers(), 1024, {}, cpuOps(1));
  ASSERT_TRUE(one.step(3, 0.01f));
  ASSERT_TRUE(two.measureNorm(0, 2048, true));
  ASSERT_TRUE(two.measureNorm(2048, 4096, false));
  ASSERT_TRUE(two.update(0, 2048, 3, 0.01f));
  ASSERT_TRUE(two.update(2048, 4096, 3, 0.01f));
  // The sums of squares are grouped otherwise, so the last bits may differ.
  EXPECT_NEAR(*one.gradientNorm() / *two.gradientNorm(), 1.0, 1e-9);
  for (size_t i = 0; i < whole.master.size(); ++i) {
    EXPECT_FLOAT_EQ(whole.master[i], pieces.master[i]) << i;
    EXPECT_FLOAT_EQ(whole.v[i], pieces.v[i]) << i;
  }
}

TEST(AdamWOptimizer, SkipsAStepWhoseNormIsNotFinite) {
  for (const float poison :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    Flat flat(256);
    flat.gradients[17] = poison;
    AdamWOptimizer optimizer = *AdamWOptimizer::create(flat.buffers(), 256, {}, cpuOps(1));
    ASSERT_TRUE(optimizer.step(1, 0.01f));
    EXPECT_FALSE(std::isfinite(*optimizer.gradientNorm()));
    EXPECT_EQ(flat.master, Flat(256).master);
    EXPECT_EQ(normOf(flat.m), 0.0);
    EXPECT_EQ(normOf(flat.gradients), 0.0);
  }
}

TEST(AdamWOptimizer, TakesBackALossScale) {
  Flat plain(256);
  Flat scaled(256);
  for (float& value : scaled.gradients) value *= 1024.0f;
  AdamWOptimizer one = *AdamWOptimizer::create(plain.buffers(), 256, {}, cpuOps(1));
  AdamWOptimizer two = *AdamWOptimizer::create(scaled.buffers(), 256, {}, cpuOps(1));
  ASSERT_TRUE(one.step(1, 0.01f));
  ASSERT_TRUE(two.step(1, 0.01f, 1.0f / 1024.0f));
  EXPECT_EQ(plain.master, scaled.master);
}

}  // namespace
}  // namespace z2
