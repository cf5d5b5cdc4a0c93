// Projections as products of 8-bit floats: near those of 16 bits, and the same bits every time.

#include <iterator>

#include <gtest/gtest.h>

#include "tests/support/small_llama.h"

namespace z2 {
namespace {

LlamaConfig wideConfig() {
  LlamaConfig config = smallConfig();
  config.intermediateSize = 48;
  config.hasQkvBias = config.hasOutputBias = true;
  return config;
}

struct Pass {
  double loss = 0;
  std::vector<float> gradients;
};

Pass passOf(const LlamaOptions& options, const LlamaConfig& config = wideConfig()) {
  Llama model = makeLlama(config, options);
  disturbVectors(model);
  const Batch batch = randomBatch(config, 2, 16, 5);
  Pass pass;
  // Twice: what the first pass leaves behind must not matter to the second.
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(model.zeroGradients());
    const auto done = model.forwardBackward(batch, {.gradScale = 1.0f / 16});
    EXPECT_TRUE(done) << done.error().text();
    pass.loss = *model.takeLossSum();
  }
  pass.gradients = allGradients(model);
  return pass;
}

TEST(Fp8Llama, IsNear16Bits) {
  const LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16};
  LlamaOptions in8 = options;
  in8.usesFp8 = true;
  const Pass wide = passOf(options), narrow = passOf(in8);
  EXPECT_NE(wide.loss, narrow.loss);
  EXPECT_NEAR(narrow.loss / wide.loss, 1.0, 0.02);
  EXPECT_LT(relativeError(narrow.gradients, wide.gradients), 0.3);
  EXPECT_GT(relativeError(narrow.gradients, wide.gradients), 0.005);
}

TEST(Fp8Llama, IsNearWhereNormsAndSwigluGiveNoCodes) {
  LlamaConfig apart = wideConfig();
  apart.fused.rmsNorm = apart.fused.swiglu = false;
  const LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16, .usesFp8 = true};
  const Pass together = passOf(options), byPasses = passOf(options, apart);
  EXPECT_NE(together.loss, byPasses.loss);
  EXPECT_NEAR(byPasses.loss / together.loss, 1.0, 0.02);
  EXPECT_LT(relativeError(byPasses.gradients, together.gradients), 0.3);
}

TEST(Fp8Llama, AdaptersReadTheirInputsIn16Bits) {
  LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16};
  options.lora.rank = 4;
  options.lora.alpha = 8;
  options.lora.targets.assign(std::begin(kAllLoraTargets), std::end(kAllLoraTargets));
  const auto gradientsOf = [&](bool usesFp8) {
    options.usesFp8 = usesFp8;
    Llama model = makeLlama(wideConfig(), options);
    EXPECT_TRUE(model.initialiseAdapters(3) && model.refreshWeights() && model.zeroGradients());
    EXPECT_TRUE(
        model.forwardBackward(randomBatch(wideConfig(), 2, 16, 5), {.gradScale = 1.0f / 16}));
    const FlatBuffers& flat = model.trained();
    return std::vector<float>(flat.gradients, flat.gradients + flat.size);
  };
  const std::vector<float> wide = gradientsOf(false), narrow = gradientsOf(true);
  EXPECT_LT(relativeError(narrow, wide), 0.3);
  EXPECT_GT(relativeError(narrow, wide), 0.005);
}

TEST(Fp8Llama, GivesTheSameBitsWhateverIsComputedAgain) {
  LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16, .usesFp8 = true};
  const Pass first = passOf(options), again = passOf(options);
  EXPECT_EQ(first.gradients, again.gradients);
  for (const Recompute recompute : {Recompute::kNone, Recompute::kBlocks}) {
    options.recompute = recompute;
    const Pass other = passOf(options);
    EXPECT_EQ(first.gradients, other.gradients);
    EXPECT_EQ(first.loss, other.loss);
  }
}

TEST(Fp8Llama, NamesWhatIsNoMultipleOf16) {
  LlamaConfig config = wideConfig();
  const LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16, .usesFp8 = true};
  config.intermediateSize = 40;
  const auto odd = Llama::create(config, options, cpuOps(1));
  ASSERT_FALSE(odd);
  EXPECT_NE(odd.error().text().find("intermediate size is 40"), std::string::npos);
  config.intermediateSize = 48;
  Llama model = makeLlama(config, options);
  EXPECT_FALSE(model.forwardBackward(randomBatch(config, 1, 9, 5), {}));
  EXPECT_TRUE(model.evaluate(randomBatch(config, 1, 9, 5)));  // it has no products over tokens
}

TEST(Fp8Llama, ItsMemoryIsPlanned) {
  LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16};
  const auto without = planMemory(wideConfig(), options, &cpuOps(1));
  options.usesFp8 = true;
  const auto with = planMemory(wideConfig(), options, &cpuOps(1));
  ASSERT_TRUE(without && with);
  EXPECT_GT(with->totalBytes(), without->totalBytes());
  EXPECT_EQ(with->totalBytes(), makeLlama(wideConfig(), options).memory().totalBytes());
}

}  // namespace
}  // namespace z2
