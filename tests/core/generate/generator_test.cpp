#include "core/generate/generator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/generate/token_log_probs.h"
#include "kernels/cpu_ops.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kCapacity = 24;

class GeneratorTest : public ::testing::Test {
 protected:
  GeneratorTest() : model_(makeModel()) {}

  static Llama makeModel(const Z2Ops& ops = cpuOps(1)) {
    LlamaConfig config = smallConfig();
    config.tieWordEmbeddings = true;
    config.initializerRange = 0.5;
    return makeLlama(config, {.isTrained = false, .hasOptimizer = false}, ops);
  }

  static GenerateRequest requestOf(std::vector<int32_t> prompt, uint64_t seed = 0) {
    GenerateRequest request;
    request.prompt = std::move(prompt);
    request.maxNewTokens = 8;
    request.sampling = {.temperature = seed == 0 ? 0.0 : 1.0, .seed = seed};
    return request;
  }
  std::vector<int32_t> alone(const GenerateRequest& request) {
    Generator generator = Generator::create(model_, kCapacity).value();
    std::vector<int32_t> ids;
    EXPECT_TRUE(generator.run(request, [&](int32_t id) {
      ids.push_back(id);
      return true;
    }));
    return ids;
  }

  Llama model_;
};

TEST_F(GeneratorTest, ManyAtOnceAreAnsweredAsEachAlone) {
  const std::vector<GenerateRequest> requests = {requestOf({1, 2, 3}), requestOf({4}, 7),
                                                 requestOf({5, 6, 7, 8, 9}, 8), requestOf({10, 11}),
                                                 requestOf({1, 2, 3, 4}, 9)};
  Generator generator = Generator::create(model_, kCapacity, 2).value();
  std::map<size_t, std::vector<int32_t>> ids;
  int ended = 0;
  for (size_t i = 0; i < requests.size(); ++i)
    ASSERT_TRUE(generator.add(
        requests[i],
        [&ids, i](const GeneratedToken& token) {
          ids[i].push_back(token.id);
          return true;
        },
        [&](const Result<FinishReason>& reason) {
          EXPECT_EQ(reason.value(), FinishReason::kLength);
          ++ended;
        }));
  while (!generator.isIdle()) ASSERT_TRUE(generator.step());
  EXPECT_EQ(ended, 5);
  for (size_t i = 0; i < requests.size(); ++i) EXPECT_EQ(ids[i], alone(requests[i])) << i;
}

TEST_F(GeneratorTest, OneIsCancelledAndTheOthersGoOn) {
  Generator generator = Generator::create(model_, kCapacity, 2).value();
  std::vector<FinishReason> ends(3, FinishReason::kStop);
  std::vector<int64_t> numbers;
  std::vector<int> tokens(3, 0);
  for (size_t i = 0; i < 3; ++i)
    numbers.push_back(generator
                          .add(
                              requestOf({static_cast<int32_t>(i)}),
                              [&, i](const GeneratedToken&) {
                                ++tokens[i];
                                return true;
                              },
                              [&, i](const Result<FinishReason>& end) { ends[i] = *end; })
                          .value());
  ASSERT_TRUE(generator.step());
  generator.cancel(numbers[0]);
  generator.cancel(numbers[2]);
  while (!generator.isIdle()) ASSERT_TRUE(generator.step());
  EXPECT_EQ(ends[0], FinishReason::kInterrupted);
  EXPECT_EQ(ends[1], FinishReason::kLength);
  EXPECT_EQ(ends[2], FinishReason::kInterrupted);
  EXPECT_EQ(tokens[0], 1);
  EXPECT_EQ(tokens[1], 8);
  EXPECT_EQ(tokens[2], 0);
}

TEST_F(GeneratorTest, AConversationThatGoesOnEqualsOneThatBegins) {
  Generator generator = Generator::create(model_, kCapacity, 2).value();
  GenerateRequest request = requestOf({1, 2, 3});
  const auto ask = [&] {
    std::vector<int32_t> ids;
    EXPECT_TRUE(generator.run(request, [&](int32_t id) {
      ids.push_back(id);
      return true;
    }));
    return ids;
  };
  const std::vector<int32_t> first = ask();
  request.prompt.insert(request.prompt.end(), first.begin(), first.end());
  request.prompt.push_back(20);
  EXPECT_EQ(ask(), alone(request));
  // Another row takes a prompt that shares nothing, then the first goes on again.
  request.prompt[0] = 9;
  EXPECT_EQ(ask(), alone(request));
}

// The CPU as a device that works ahead of the host: greedy answers come some tokens at a time.
TEST_F(GeneratorTest, TokensThatComeTogetherAreThoseThatComeOneByOne) {
  Z2Ops ahead = cpuOps(1);
  ahead.deviceInfo = [](Z2Context*, Z2DeviceInfo* info) {
    info->canRecord = 1;
    return Z2_OK;
  };
  Llama model = makeModel(ahead);
  Generator generator = Generator::create(model, kCapacity, 2).value();
  const auto answer = [&](const GenerateRequest& request, FinishReason wanted) {
    std::vector<int32_t> ids;
    const Result<FinishReason> end = generator.run(request, [&](int32_t id) {
      ids.push_back(id);
      return true;
    });
    EXPECT_EQ(end.value(), wanted);
    return ids;
  };
  GenerateRequest request = requestOf({1, 2, 3});
  request.maxNewTokens = 13;
  const std::vector<int32_t> whole = alone(request);
  EXPECT_EQ(answer(request, FinishReason::kLength), whole);
  // It ends amid what was computed together; the conversation goes on from there.
  GenerateRequest stopped = request;
  stopped.stopIds = {whole[4]};
  const auto first = static_cast<size_t>(std::ranges::find(whole, whole[4]) - whole.begin());
  const std::vector<int32_t> part(whole.begin(), whole.begin() + static_cast<int64_t>(first) + 1);
  EXPECT_EQ(answer(stopped, FinishReason::kStop), part);
  GenerateRequest next = requestOf({1, 2, 3});
  next.prompt.insert(next.prompt.end(), part.begin(), part.end());
  next.prompt.push_back(20);
  EXPECT_EQ(answer(next, FinishReason::kLength), alone(next));
  // Up to the last place of the cache.
  request.maxNewTokens = 100;
  EXPECT_EQ(answer(request, FinishReason::kContext), alone(request));
  EXPECT_EQ(alone(request).size(), static_cast<size_t>(kCapacity) - 3 + 1);
}

TEST_F(GeneratorTest, ProbabilitiesAreTheModelsOwn) {
  Generator generator = Generator::create(model_, kCapacity).value();
  GenerateRequest request = requestOf({1, 2, 3}, 5);
  request.sampling.temperature = 3;
  request.topLogProbs = 53;
  ASSERT_TRUE(generator.add(
      request,
      [](const GeneratedToken& token) {
        double sum = 0;
        bool isIn = false;
        for (const auto& [id, logProb] : token.top) {
          sum += std::exp(static_cast<double>(logProb));
          isIn = isIn || (id == token.id && std::abs(logProb - *token.logProb) < 1e-6F);
        }
        EXPECT_NEAR(sum, 1, 1e-5);
        EXPECT_TRUE(isIn);
        EXPECT_GE(token.top[0].second, token.top[1].second);
        return true;
      },
      [](const Result<FinishReason>&) {}));
  while (!generator.isIdle()) ASSERT_TRUE(generator.step());
}

TEST_F(GeneratorTest, ABadRequestIsRefusedAndTheRestGoesOn) {
  Generator generator = Generator::create(model_, kCapacity).value();
  const auto add = [&](GenerateRequest request) {
    return generator.add(
        std::move(request), [](const GeneratedToken&) { return true; },
        [](const Result<FinishReason>&) {});
  };
  EXPECT_THAT(add(requestOf({})).error().text(), HasSubstr("no token to begin with"));
  EXPECT_THAT(add(requestOf({9999})).error().text(), HasSubstr("token 9999"));
  EXPECT_THAT(add(requestOf(std::vector<int32_t>(25, 1))).error().text(), HasSubstr("25 tokens"));
  EXPECT_TRUE(generator.isIdle());
  EXPECT_EQ(alone(requestOf({1})).size(), 8U);
}

TEST(TokenLogProbs, EqualTheFormula) {
  const std::vector<float> logits = {1.0F, 3.0F, 3.0F, -2.0F};
  const double total = std::exp(1.0) + 2 * std::exp(3.0) + std::exp(-2.0);
  EXPECT_NEAR(logSumExp(logits), std::log(total), 1e-12);
  const auto top = topLogProbs(logits, 3);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0].first, 1);
  EXPECT_EQ(top[1].first, 2);
  EXPECT_EQ(top[2].first, 0);
  EXPECT_NEAR(top[2].second, 1.0 - std::log(total), 1e-6);
}

}  // namespace
}  // namespace z2
