#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "core/model/llama_inference.h"
#include "core/optim/adamw_optimizer.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

// Counts what is asked of the CPU's allocator.
struct CountingOps {
  CountingOps() : ops(cpuOps(1)) {
    asked() = 0;
    ops.allocate = [](Z2Context* context, size_t bytes, void** out) {
      asked() += static_cast<int64_t>(bytes);
      return cpuOps(1).allocate(context, bytes, out);
    };
  }
  static int64_t& asked() {
    static int64_t total = 0;
    return total;
  }
  Z2Ops ops;
};

TEST(Llama, TakesTheMemoryThatWasPlanned) {
  const LlamaConfig config = smallConfig();
  const LlamaOptions options = {.rows = 4, .columns = 16, .type = DType::kBF16};
  const CountingOps counting;
  const Result<MemoryPlan> plan = planMemory(config, options, &counting.ops);
  ASSERT_TRUE(plan);
  Result<Llama> model = Llama::create(config, options, counting.ops);
  ASSERT_TRUE(model);
  EXPECT_EQ(CountingOps::asked(), plan->totalBytes());
  int64_t sum = 0;
  for (int part = 0; part < kMemoryParts; ++part) {
    sum += plan->bytesOf(static_cast<MemoryPart>(part));
  }
  EXPECT_EQ(sum, plan->totalBytes());
}

TEST(Llama, GivesTheSameBitsTwice) {
  LlamaConfig config = smallConfig();
  config.attentionDropout = config.residualDropout = 0.2;
  const Batch batch = randomBatch(config, 2, 13, 1);
  std::vector<std::vector<float>> gradients;
  for (int i = 0; i < 2; ++i) {
    Llama model = makeLlama(config, {.rows = 2, .columns = 13, .dropoutSeed = 5});
    ASSERT_TRUE(model.forwardBackward(batch, {.number = 9}));
    gradients.push_back(allGradients(model));
  }
  EXPECT_EQ(gradients[0], gradients[1]);
}

TEST(Llama, WhatIsComputedAgainHasTheSameBitsAndTakesLessMemory) {
  LlamaConfig config = smallConfig();
  config.attentionDropout = config.residualDropout = 0.1;
  const Batch batch = randomBatch(config, 2, 13, 1);
  for (const bool isResidualFp32 : {false, true}) {
    config.residualFp32 = isResidualFp32;
    for (const DType type : {DType::kF32, DType::kBF16}) {
      LlamaOptions options = {.rows = 2, .columns = 13, .type = type};
      std::vector<std::vector<float>> gradients;
      std::vector<int64_t> activations;
      for (const Recompute recompute : {Recompute::kNone, Recompute::kNorms, Recompute::kBlocks}) {
        options.recompute = recompute;
        Llama model = makeLlama(config, options);
        ASSERT_TRUE(model.forwardBackward(batch, {}));
        gradients.push_back(allGradients(model));
        activations.push_back(model.memory().bytesOf(MemoryPart::kActivations));
      }
      EXPECT_EQ(gradients[0], gradients[1]);
      EXPECT_EQ(gradients[0], gradients[2]);
      EXPECT_LT(activations[1], activations[0]);
      EXPECT_LT(activations[2], activations[1]);
    }
  }
}

// Backward must draw forward's masks again: the slope along the gradient is the gradient's length.
TEST(Llama, GradientsWithDropoutAreThoseOfTheLossWithTheSameMasks) {
  LlamaConfig config = smallConfig();
  config.residualFp32 = true;
  config.attentionDropout = 0.3;
  config.residualDropout = 0.2;
  const Batch batch = randomBatch(config, 2, 12, 6);
  const MicroStep step = {.gradScale = 1.0f, .number = 3};
  Llama model = makeLlama(config, {.rows = 2, .columns = 12, .dropoutSeed = 77});
  ASSERT_TRUE(model.forwardBackward(batch, step));
  const double plain = *model.takeLossSum();
  EXPECT_NE(plain, *model.evaluate(batch));
  const std::vector<float> gradient = allGradients(model);
  const double norm =
      std::sqrt(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));
  const std::vector<float> start(model.buffers().master,
                                 model.buffers().master + model.buffers().size);
  const auto lossAt = [&](double distance) {
    for (size_t i = 0; i < start.size(); ++i) {
      model.buffers().master[i] =
          start[i] + static_cast<float>(distance / norm * static_cast<double>(gradient[i]));
    }
    EXPECT_TRUE(model.forwardBackward(batch, step));
    return *model.takeLossSum();
  };
  const double reach = 1e-2;
  EXPECT_NEAR((lossAt(reach) - lossAt(-reach)) / (2 * reach) / norm, 1.0, 2e-3);
}

TEST(Llama, MasksDifferByMicroStep) {
  LlamaConfig config = smallConfig();
  config.residualDropout = 0.3;
  const Batch batch = randomBatch(config, 1, 12, 6);
  Llama model = makeLlama(config, {.rows = 1, .columns = 12});
  ASSERT_TRUE(model.forwardBackward(batch, {.number = 1}));
  const double first = *model.takeLossSum();
  ASSERT_TRUE(model.forwardBackward(batch, {.number = 2}));
  EXPECT_NE(first, *model.takeLossSum());
}

// A loss that looks at its whole step asks for them beforehand.
TEST(Llama, LogProbabilitiesWithDropoutAreThoseOfTheStepThatComes) {
  LlamaConfig config = smallConfig();
  config.attentionDropout = 0.2;
  config.residualDropout = 0.3;
  const Batch batch = randomBatch(config, 2, 12, 6);
  Llama model = makeLlama(config, {.rows = 2, .columns = 12});
  const std::vector<float> before = *model.targetLogProbs(batch, 5);
  std::vector<float> seen;
  ASSERT_TRUE(model.forwardBackward(batch, {.number = 5},
                                    [&](std::span<const float> logProbs, std::span<float>) {
                                      seen.assign(logProbs.begin(), logProbs.end());
                                      return Result<void>();
                                    }));
  EXPECT_EQ(before, seen);
  EXPECT_NE(before, *model.targetLogProbs(batch, 6));
  EXPECT_NE(before, *model.targetLogProbs(batch));
}

TEST(Llama, Bf16StaysCloseToFp32) {
  for (const bool residualFp32 : {false, true}) {
    LlamaConfig config = smallConfig();
    config.residualFp32 = residualFp32;
    config.initializerRange = 0.05;
    const Batch batch = randomBatch(config, 2, 16, 2);
    Llama exact = makeLlama(config, {.rows = 2, .columns = 16});
    Llama rounded = makeLlama(config, {.rows = 2, .columns = 16, .type = DType::kBF16});
    ASSERT_TRUE(exact.forwardBackward(batch, {}));
    ASSERT_TRUE(rounded.forwardBackward(batch, {}));
    EXPECT_NEAR(*rounded.takeLossSum() / *exact.takeLossSum(), 1.0, 2e-3);
    EXPECT_LT(relativeError(allGradients(rounded), allGradients(exact)), 2e-2);
  }
}

TEST(Llama, EvaluateLeavesGradientsAndPendingLosses) {
  const LlamaConfig config = smallConfig();
  const Batch batch = randomBatch(config, 2, 8, 2);
  Llama model = makeLlama(config, {.rows = 2, .columns = 8});
  ASSERT_TRUE(model.forwardBackward(batch, {}));
  const std::vector<float> before = allGradients(model);
  const double evaluated = *model.evaluate(batch);
  EXPECT_EQ(allGradients(model), before);
  EXPECT_DOUBLE_EQ(*model.takeLossSum(), evaluated);
  EXPECT_EQ(*model.takeLossSum(), 0.0);
  const std::vector<float> logProbs = *model.targetLogProbs(batch);
  EXPECT_NEAR(-std::accumulate(logProbs.begin(), logProbs.end(), 0.0), evaluated, 1e-4);
}

TEST(Llama, KeepsTheLossesOfMoreMicroBatchesThanItsSlots) {
  const LlamaConfig config = smallConfig();
  const Batch batch = randomBatch(config, 1, 3, 2);
  Llama model = makeLlama(config, {.rows = 1, .columns = 3});
  const double one = *model.evaluate(batch);
  for (int i = 0; i < 70; ++i) ASSERT_TRUE(model.forwardBackward(batch, {}));
  EXPECT_NEAR(*model.takeLossSum(), 70 * one, 1e-9);
}

TEST(Llama, TellsWhenBucketsAreComplete) {
  for (const bool isTied : {false, true}) {
    LlamaConfig config = smallConfig();
    config.tieWordEmbeddings = isTied;
    const Batch batch = randomBatch(config, 2, 8, 2);
    Llama model = makeLlama(config, {.rows = 2, .columns = 8, .bucketBytes = 4096});
    ASSERT_GT(model.layout().buckets().size(), 3u);
    std::vector<int> told;
    std::vector<std::vector<float>> seen;
    model.setBucketHook([&](int bucket) -> Result<void> {
      told.push_back(bucket);
      const Bucket& its = model.layout().buckets()[static_cast<size_t>(bucket)];
      const float* const gradients = model.buffers().gradients;
      seen.emplace_back(gradients + its.begin, gradients + its.end);
      return {};
    });
    ASSERT_TRUE(model.forwardBackward(batch, {}));
    std::vector<int> all(model.layout().buckets().size());
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(told, all);
    std::vector<float> joined;
    for (const std::vector<float>& part : seen)
      joined.insert(joined.end(), part.begin(), part.end());
    EXPECT_EQ(joined, allGradients(model));
  }
}

TEST(Llama, RefusesABatchThatDoesNotFit) {
  const LlamaConfig config = smallConfig();
  Llama model = makeLlama(config, {.rows = 2, .columns = 8});
  EXPECT_FALSE(model.forwardBackward(randomBatch(config, 3, 8, 1), {}));
  EXPECT_FALSE(model.forwardBackward(randomBatch(config, 2, 9, 1), {}));
  Batch foreign = randomBatch(config, 2, 8, 1);
  foreign.tokens[9] = static_cast<int32_t>(config.vocabSize);
  const Result<void> refused = model.forwardBackward(foreign, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "row 1, column 1 of the batch");
  EXPECT_EQ(refused.error().code, ErrorCode::kBadInput);
}

TEST(Llama, InitialisationDependsOnSeedAndNamesAlone) {
  LlamaConfig config = smallConfig();
  const TensorValues one = weightsOf(makeLlama(config, {.bucketBytes = 1}));
  const TensorValues other = weightsOf(makeLlama(config, {.rows = 3, .bucketBytes = 1 << 20}));
  EXPECT_EQ(one, other);
  Llama third = makeLlama(config, {});
  ASSERT_TRUE(third.initialise(8));
  EXPECT_NE(weightsOf(third), one);

  config.vocabSize = 1000;
  const TensorValues large = weightsOf(makeLlama(config, {}));
  const auto deviation = [&large](const std::string& name) {
    const std::vector<float>& values = large.at(name);
    const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
    return std::sqrt(squares / static_cast<double>(values.size()));
  };
  EXPECT_NEAR(deviation("lm_head.weight"), 0.2, 0.004);
  EXPECT_NEAR(deviation("model.layers.0.mlp.up_proj.weight"), 0.2, 0.015);
  EXPECT_NEAR(deviation("model.layers.1.mlp.down_proj.weight"), 0.1, 0.008);
  EXPECT_NEAR(deviation("model.layers.1.self_attn.o_proj.weight"), 0.1, 0.008);
  EXPECT_EQ(deviation("model.norm.weight"), 1.0);
}

TEST(Llama, LearnsOneBatchByHeart) {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    LlamaConfig config = smallConfig();
    config.initializerRange = 0.05;
    const Batch batch = randomBatch(config, 2, 12, 14);
    Llama model = makeLlama(config, {.rows = 2, .columns = 12, .type = type});
    Result<AdamWOptimizer> optimizer =
        AdamWOptimizer::create(model.buffers(), model.layout().decayEnd(), {}, cpuOps(1));
    ASSERT_TRUE(optimizer);
    const auto tokens = static_cast<double>(batch.validTokens);
    double loss = 0;
    for (int step = 1; step <= 150; ++step) {
      ASSERT_TRUE(model.forwardBackward(batch, {.gradScale = static_cast<float>(1 / tokens)}));
      loss = *model.takeLossSum() / tokens;
      if (step == 1) {
        EXPECT_NEAR(loss, std::log(53.0), 0.2);
      }
      ASSERT_TRUE(optimizer->step(step, 1e-2f));
    }
    EXPECT_LT(loss, 0.02);
  }
}

}  // namespace
}  // namespace z2
