// The whole model on the GPU: its gradients against LibTorch's autograd in fp64, its training
// against the CPU's. Needs a GPU.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/optim/adamw_optimizer.h"
#include "tests/kernels/cuda/gpu_table.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

class ModelOnGpu : public testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    gpu_ = gpuOps(reason);
    if (gpu_ == nullptr) GTEST_SKIP() << "no GPU: " << reason;
  }
  void expectAgreement(const LlamaConfig& config, const Batch& batch, LlamaOptions options,
                       double tolerance) {
    options.rows = batch.rows;
    options.columns = batch.columns;
    Llama model = makeLlama(config, options, *gpu_);
    disturbVectors(model);
    const float scale = 1.0f / static_cast<float>(batch.validTokens);
    ASSERT_TRUE(model.forwardBackward(batch, {.gradScale = scale}));
    const double loss = *model.takeLossSum();
    const AutogradResult oracle = autogradLlama(config, weightsOf(model), batch, scale);
    EXPECT_NEAR(loss / oracle.lossSum, 1.0, tolerance);
    for (const HfTensor& tensor : model.layout().hfTensors()) {
      const double error = relativeError(gradientOf(model, tensor), oracle.grads.at(tensor.name));
      EXPECT_LT(error, tolerance) << tensor.name;
      worst_ = std::max(worst_, error);
    }
    RecordProperty("worst_relative_error", std::to_string(worst_));
  }

  const Z2Ops* gpu_ = nullptr;
  double worst_ = 0;
};

// The shapes that the Hopper kernels take.
LlamaConfig wideConfig() {
  LlamaConfig config = smallConfig();
  config.vocabSize = 320;
  config.hiddenSize = 256;
  config.intermediateSize = 384;
  config.numAttentionHeads = 4;
  config.headDim = 64;
  config.maxPositionEmbeddings = 256;
  config.initializerRange = 0.06;
  return config;
}

Batch packed(Batch batch, const std::vector<int64_t>& starts) {
  for (int64_t i = 0; i < batch.rows * batch.columns; ++i) {
    int64_t start = 0;
    for (const int64_t candidate : starts)
      start = i % batch.columns >= candidate ? candidate : start;
    batch.documentStart.push_back(static_cast<int32_t>(start));
    batch.positions[static_cast<size_t>(i)] = static_cast<int32_t>(i % batch.columns - start);
  }
  return batch;
}

TEST_F(ModelOnGpu, GradientsInFp32EqualAutograd) {
  LlamaConfig config = smallConfig();
  const Batch batch = randomBatch(config, 3, 11, 3);
  expectAgreement(config, batch, {}, 2e-5);
  expectAgreement(config, batch, {.headRows = 7}, 2e-5);
  config.hasQkvBias = config.hasOutputBias = true;
  expectAgreement(config, packed(batch, {4, 9}), {}, 2e-5);
  config.tieWordEmbeddings = true;
  config.numKeyValueHeads = 1;
  expectAgreement(config, batch, {.recompute = Recompute::kNone}, 2e-5);
  config.fused = {false, false, false, false, false, false};
  expectAgreement(config, batch, {}, 2e-5);
}

TEST_F(ModelOnGpu, GradientsInBf16AreAutogradsWithinItsRounding) {
  LlamaConfig config = wideConfig();
  const Batch batch = randomBatch(config, 2, 256, 5);
  const LlamaOptions options{.type = DType::kBF16};
  expectAgreement(config, batch, options, 4e-2);
  expectAgreement(config, packed(batch, {50, 51, 130}), options, 4e-2);
  config.headDim = 128;
  config.numAttentionHeads = 2;
  config.numKeyValueHeads = 1;
  config.hasQkvBias = true;
  expectAgreement(config, batch, options, 4e-2);
}

// The loss of each of 50 steps over eight batches that come again and again.
std::vector<double> curve(const Z2Ops& ops, DType type) {
  const LlamaConfig config = wideConfig();
  Llama model = makeLlama(config, {.rows = 2, .columns = 128, .type = type}, ops);
  Result<AdamWOptimizer> optimizer =
      AdamWOptimizer::create(model.trained(), model.trainedDecayEnd(), {}, ops);
  EXPECT_TRUE(optimizer);
  std::vector<double> losses;
  for (int64_t step = 1; step <= 50; ++step) {
    const Batch batch = randomBatch(config, 2, 128, static_cast<uint32_t>(step % 8));
    const auto tokens = static_cast<double>(batch.validTokens);
    EXPECT_TRUE(model.forwardBackward(batch, {.gradScale = static_cast<float>(1 / tokens)}));
    losses.push_back(*model.takeLossSum() / tokens);
    EXPECT_TRUE(optimizer->step(step, 1e-3f));
  }
  return losses;
}

double farthest(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

TEST_F(ModelOnGpu, FiftyStepsGoAsOnTheCpu) {
  const std::vector<double> exact = curve(cpuOps(4), DType::kF32);
  EXPECT_LT(exact.back(), exact.front() - 1);  // it learns
  EXPECT_LT(farthest(curve(*gpu_, DType::kF32), exact), 1e-3);
  const std::vector<double> cpu = curve(cpuOps(4), DType::kBF16);
  const double rounding = farthest(cpu, exact);  // of bf16, on the CPU
  const double distance = farthest(curve(*gpu_, DType::kBF16), exact);
  RecordProperty("bf16_on_cpu", std::to_string(rounding));
  RecordProperty("bf16_on_gpu", std::to_string(distance));
  EXPECT_LT(distance, std::max(2 * rounding, 2e-2));
}

}  // namespace
}  // namespace z2
