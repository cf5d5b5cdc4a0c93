#include <algorithm>

#include <gtest/gtest.h>

#include "core/model/llama_inference.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

// The logits that training's forward gives at the end of `tokens`.
std::vector<float> trainingLogits(Llama& model, std::span<const int32_t> tokens) {
  Batch batch;
  batch.rows = 1;
  batch.columns = static_cast<int64_t>(tokens.size());
  batch.tokens.assign(tokens.begin(), tokens.end());
  batch.targets.assign(tokens.size(), 0);
  EXPECT_TRUE(model.evaluate(batch));
  return *model.logitsAt(0, batch.columns - 1);
}

class InferenceTest : public testing::TestWithParam<RopeScaling> {
 protected:
  InferenceTest() {
    config_ = smallConfig();
    config_.hasQkvBias = config_.hasOutputBias = true;
    config_.ropeScaling = GetParam();
    config_.ropeScalingFactor = 2.0;
    model_ =
        std::make_unique<Llama>(makeLlama(config_, {.rows = 1, .columns = 24, .isTrained = false}));
    disturbVectors(*model_);
  }

  LlamaConfig config_;
  std::unique_ptr<Llama> model_;
  const std::vector<int32_t> tokens_ = {3, 50, 7, 7, 19, 0, 33, 41, 2, 9, 27, 13, 44, 5};
};

TEST_P(InferenceTest, PrefillAndDecodeEqualTheTrainingForward) {
  Result<LlamaInference> inference =
      LlamaInference::create(*model_, {.rows = 2, .capacity = 24, .prefillChunk = 4});
  ASSERT_TRUE(inference) << inference.error().text();
  // Row 1 is three tokens behind row 0.
  const std::span<const int32_t> tokens = tokens_;
  EXPECT_LT(relativeError(*inference->prefill(0, tokens.first(9)),
                          trainingLogits(*model_, tokens.first(9))),
            2e-6);
  EXPECT_LT(relativeError(*inference->prefill(1, tokens.first(6)),
                          trainingLogits(*model_, tokens.first(6))),
            2e-6);
  for (size_t i = 0; i < 4; ++i) {
    const int32_t next[2] = {tokens_[9 + i], tokens_[6 + i]};
    const std::vector<float> logits = *inference->decode(next);
    const auto V = config_.vocabSize;
    EXPECT_LT(relativeError(std::vector<float>(logits.begin(), logits.begin() + V),
                            trainingLogits(*model_, tokens.first(10 + i))),
              2e-6);
    EXPECT_LT(relativeError(std::vector<float>(logits.begin() + V, logits.end()),
                            trainingLogits(*model_, tokens.first(7 + i))),
              2e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Scalings, InferenceTest,
                         testing::Values(RopeScaling::kNone, RopeScaling::kLinear,
                                         RopeScaling::kDynamic));

TEST(Inference, GoesOnAfterTruncationAndRestsRows) {
  const LlamaConfig config = smallConfig();
  Llama model = makeLlama(config, {.rows = 1, .columns = 8});
  LlamaInference inference = *LlamaInference::create(model, {.rows = 2, .capacity = 8});
  const std::vector<int32_t> first = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<int32_t> second = {1, 2, 9};
  const std::vector<float> full = *inference.prefill(0, first);
  ASSERT_TRUE(inference.prefill(1, second));
  // Row 0 is full and rests; row 1 goes on.
  const int32_t next[2] = {-1, 11};
  const std::vector<float> logits = *inference.decode(next);
  EXPECT_EQ(inference.length(0), 8);
  EXPECT_EQ(inference.length(1), 4);
  const std::vector<int32_t> whole = {1, 2, 9, 11};
  EXPECT_LT(relativeError(std::vector<float>(logits.begin() + config.vocabSize, logits.end()),
                          trainingLogits(model, whole)),
            2e-6);
  inference.truncate(0, 7);
  EXPECT_LT(relativeError(*inference.prefill(0, std::vector<int32_t>{8}), full), 1e-6);
  EXPECT_FALSE(inference.prefill(0, std::vector<int32_t>{8}));
  EXPECT_FALSE(inference.prefill(1, std::vector<int32_t>{53}));
}

TEST(Inference, GreedyStepsAreTheGreatestLogitsOneByOne) {
  const LlamaConfig config = smallConfig();
  Llama model = makeLlama(config, {.rows = 1, .columns = 8});
  LlamaInference one = *LlamaInference::create(model, {.rows = 2, .capacity = 12});
  LlamaInference other = *LlamaInference::create(model, {.rows = 2, .capacity = 12});
  for (LlamaInference* inference : {&one, &other}) {
    ASSERT_TRUE(inference->prefill(0, std::vector<int32_t>{1, 2, 3}));
    ASSERT_TRUE(inference->prefill(1, std::vector<int32_t>{4}));
  }
  const auto V = static_cast<std::ptrdiff_t>(config.vocabSize);
  std::vector<int32_t> tokens = {5, 6};
  const std::vector<int32_t> chosen = *one.decodeGreedy(tokens, 5);
  ASSERT_EQ(chosen.size(), 10U);
  for (size_t i = 0; i < 5; ++i) {
    const std::vector<float> logits = *other.decode(tokens);
    for (size_t row = 0; row < 2; ++row) {
      const auto begin = logits.begin() + static_cast<std::ptrdiff_t>(row) * V;
      tokens[row] = static_cast<int32_t>(std::max_element(begin, begin + V) - begin);
      EXPECT_EQ(chosen[i * 2 + row], tokens[row]) << i << " " << row;
    }
  }
  EXPECT_EQ(one.length(0), 8);
  EXPECT_EQ(one.length(1), 6);
  // What is behind is forgotten, and both go on alike.
  for (LlamaInference* inference : {&one, &other}) inference->truncate(0, 5);
  EXPECT_EQ(*one.decode(std::vector<int32_t>{9, 9}), *other.decode(std::vector<int32_t>{9, 9}));
  EXPECT_FALSE(one.decodeGreedy(std::vector<int32_t>{1, 1}, 6));
  EXPECT_EQ(one.length(0), 6);
}

}  // namespace
}  // namespace z2
