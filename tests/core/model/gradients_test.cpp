// The engine's loss and gradients against LibTorch's autograd in fp64.

#include <cmath>

#include <gtest/gtest.h>

#include "core/model/check.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

struct Variant {
  const char* name;
  void (*change)(LlamaConfig&);
};

class GradientsTest : public testing::TestWithParam<Variant> {};

void expectAgreement(const LlamaConfig& config, const Batch& batch, int64_t headRows) {
  Llama model = makeLlama(config, {.rows = 3, .columns = 16, .headRows = headRows});
  disturbVectors(model);
  const float scale = 1.0f / static_cast<float>(batch.validTokens);
  ASSERT_TRUE(model.forwardBackward(batch, {.gradScale = scale}));
  const double loss = *model.takeLossSum();
  const AutogradResult oracle = autogradLlama(config, weightsOf(model), batch, scale);
  EXPECT_NEAR(loss / oracle.lossSum, 1.0, 1e-6);
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    EXPECT_LT(relativeError(gradientOf(model, tensor), oracle.grads.at(tensor.name)), 1e-5)
        << tensor.name;
  }
}

TEST_P(GradientsTest, EqualAutograd) {
  LlamaConfig config = smallConfig();
  GetParam().change(config);
  expectAgreement(config, randomBatch(config, 2, 11, 3), 0);
}

TEST_P(GradientsTest, EqualAutogradWithSmallChunksOfLogits) {
  LlamaConfig config = smallConfig();
  GetParam().change(config);
  expectAgreement(config, randomBatch(config, 3, 9, 4), 7);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, GradientsTest,
    testing::Values(Variant{"groupedUntiedBiased",
                            [](LlamaConfig& c) { c.hasQkvBias = c.hasOutputBias = true; }},
                    Variant{"qwen2Biases", [](LlamaConfig& c) { c.hasQkvBias = true; }},
                    Variant{"tied", [](LlamaConfig& c) { c.tieWordEmbeddings = true; }},
                    Variant{"multiHead", [](LlamaConfig& c) { c.numKeyValueHeads = 4; }},
                    Variant{"oneKeyValueHead", [](LlamaConfig& c) { c.numKeyValueHeads = 1; }},
                    Variant{"residualFp32", [](LlamaConfig& c) { c.residualFp32 = true; }},
                    Variant{"wideHeads", [](LlamaConfig& c) { c.headDim = 12; }},
                    Variant{"unfused",
                            [](LlamaConfig& c) {
                              c.fused = {false, false, false, false, false, false};
                            }},
                    Variant{"otherTheta",
                            [](LlamaConfig& c) {
                              c.ropeTheta = 500.0;
                              c.rmsNormEps = 1e-2;
                            }}),
    [](const auto& variant) { return variant.param.name; });

TEST(Gradients, OfPackedDocumentsEqualAutogradsWithTheirMask) {
  const LlamaConfig config = smallConfig();
  Batch batch = randomBatch(config, 2, 12, 5);
  const int starts[2][2] = {{5, 9}, {1, 7}};
  batch.documentStart.assign(24, 0);
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 12; ++column) {
      int start = 0;
      for (const int candidate : starts[row]) start = column >= candidate ? candidate : start;
      batch.documentStart[static_cast<size_t>(row * 12 + column)] = start;
      batch.positions[static_cast<size_t>(row * 12 + column)] = column - start;
    }
  }
  expectAgreement(config, batch, 0);
}

TEST(Gradients, OfPackedDocumentsEqualThoseOfSeparateOnes) {
  const LlamaConfig config = smallConfig();
  const Batch first = randomBatch(config, 1, 5, 8);
  const Batch second = randomBatch(config, 1, 6, 9);
  Batch packed = first;
  packed.columns = 11;
  packed.documentStart.assign(5, 0);
  packed.documentStart.insert(packed.documentStart.end(), 6, 5);
  packed.tokens.insert(packed.tokens.end(), second.tokens.begin(), second.tokens.end());
  packed.targets.insert(packed.targets.end(), second.targets.begin(), second.targets.end());
  packed.positions.insert(packed.positions.end(), second.positions.begin(), second.positions.end());

  Llama together = makeLlama(config, {.rows = 1, .columns = 11});
  ASSERT_TRUE(together.forwardBackward(packed, {}));
  Llama apart = makeLlama(config, {.rows = 1, .columns = 11});
  ASSERT_TRUE(apart.forwardBackward(first, {}));
  ASSERT_TRUE(apart.forwardBackward(second, {}));
  EXPECT_NEAR(*together.takeLossSum() / *apart.takeLossSum(), 1.0, 1e-6);
  EXPECT_LT(relativeError(allGradients(together), allGradients(apart)), 2e-6);
}

TEST(Gradients, OfAccumulatedMicroBatchesEqualOneLargeBatch) {
  const LlamaConfig config = smallConfig();
  const Batch large = randomBatch(config, 4, 10, 21);
  const float scale = 1.0f / static_cast<float>(large.validTokens);
  Llama whole = makeLlama(config, {.rows = 4, .columns = 10});
  ASSERT_TRUE(whole.forwardBackward(large, {.gradScale = scale}));

  Llama pieces = makeLlama(config, {.rows = 1, .columns = 10});
  for (int64_t row = 0; row < 4; ++row) {
    Batch piece;
    piece.rows = 1;
    piece.columns = 10;
    const auto cut = [row](const std::vector<int32_t>& values) {
      return std::vector<int32_t>(values.begin() + row * 10, values.begin() + (row + 1) * 10);
    };
    piece.tokens = cut(large.tokens);
    piece.targets = cut(large.targets);
    ASSERT_TRUE(pieces.forwardBackward(piece, {.gradScale = scale}));
  }
  EXPECT_NEAR(*whole.takeLossSum() / *pieces.takeLossSum(), 1.0, 1e-6);
  EXPECT_LT(relativeError(allGradients(pieces), allGradients(whole)), 2e-6);
}

// A loss of the log probabilities, -log sigmoid of the difference of two rows' sums: the gradient
// is that of the targets' losses, each times its weight.
TEST(Gradients, OfALossOfLogProbabilitiesEqualAutogradsOfTheWeightedSum) {
  for (const bool isTied : {false, true}) {
    LlamaConfig config = smallConfig();
    config.tieWordEmbeddings = isTied;
    const Batch batch = randomBatch(config, 2, 11, 13);
    Llama model = makeLlama(config, {.rows = 2, .columns = 11, .headRows = 7});
    double difference = 0;
    const auto weigh = [&](std::span<const float> logProbs, std::span<float> weights) {
      for (size_t i = 0; i < logProbs.size(); ++i)
        difference += (i < 11 ? 1.0 : -1.0) * static_cast<double>(logProbs[i]);
      const double slope = 1 / (1 + std::exp(difference));
      for (size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<float>(i < 11 ? slope : -slope);
      return Result<void>();
    };
    ASSERT_TRUE(model.forwardBackward(batch, {.gradScale = 0.5f}, weigh));
    EXPECT_EQ(*model.takeLossSum(), 0.0);

    std::map<std::string, std::vector<double>> sums;
    double expected = 0;
    for (int row = 0; row < 2; ++row) {
      Batch one = batch;
      for (size_t i = 0; i < one.targets.size(); ++i)
        if ((i < 11) != (row == 0)) one.targets[i] = -1;
      const double sign = row == 0 ? 1 : -1;
      const double slope = 1 / (1 + std::exp(difference));
      const AutogradResult oracle =
          autogradLlama(config, weightsOf(model), one, 0.5 * sign * slope);
      expected -= sign * oracle.lossSum;
      for (const auto& [name, values] : oracle.grads) {
        std::vector<double>& sum = sums[name];
        sum.resize(values.size());
        for (size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
      }
    }
    EXPECT_NEAR(difference, expected, 1e-4);
    for (const HfTensor& tensor : model.layout().hfTensors())
      EXPECT_LT(relativeError(gradientOf(model, tensor), sums.at(tensor.name)), 2e-5)
          << tensor.name;
  }
}

TEST(Gradients, CheckReportsThemByHuggingFaceName) {
  const LlamaConfig config = smallConfig();
  Llama model = makeLlama(config, {.rows = 1, .columns = 16});
  const std::vector<std::vector<int32_t>> rows = {{4, 8, 15, 16, 23, 42}, {7, 7, 1}};
  const Result<ModelCheck> check = checkModel(model, rows);
  ASSERT_TRUE(check) << check.error().text();

  double lossSum = 0;
  std::map<std::string, std::vector<double>> grads;
  std::vector<double> logits;
  for (const std::vector<int32_t>& row : rows) {
    Batch batch;
    batch.rows = 1;
    batch.columns = static_cast<int64_t>(row.size());
    batch.tokens = row;
    batch.targets.assign(row.begin() + 1, row.end());
    batch.targets.push_back(-1);
    for (int32_t i = 0; i < batch.columns; ++i) batch.positions.push_back(i);
    const AutogradResult oracle = autogradLlama(config, weightsOf(model), batch, 1.0 / 7.0);
    lossSum += oracle.lossSum;
    logits.assign(oracle.logits.end() - config.vocabSize, oracle.logits.end());
    for (const auto& [name, values] : oracle.grads) {
      std::vector<double>& sum = grads[name];
      sum.resize(values.size());
      for (size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
    }
  }
  EXPECT_NEAR(check->loss, lossSum / 7.0, 1e-6);
  EXPECT_LT(relativeError(check->lastLogits.back(), logits), 1e-5);
  double squares = 0;
  for (const auto& [name, norm] : check->gradNorms) {
    double expected = 0;
    for (const double value : grads.at(name)) expected += value * value;
    squares += expected;
    EXPECT_NEAR(norm / std::sqrt(expected), 1.0, 1e-5) << name;
  }
  EXPECT_NEAR(check->gradNorm / std::sqrt(squares), 1.0, 1e-5);
}

}  // namespace
}  // namespace z2
