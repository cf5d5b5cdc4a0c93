#include "core/model/parameters.h"

#include <set>

#include <gtest/gtest.h>

#include "core/model/memory_plan.h"

namespace z2 {
namespace {

using testing::TestWithParam;

TEST(LlamaConfig, PresetsHaveTheirParameters) {
  EXPECT_EQ(LlamaConfig::preset("tiny")->parameterCount(), 9'998'400);
  EXPECT_NEAR(static_cast<double>(LlamaConfig::preset("z2-124m")->parameterCount()), 123.6e6, 1e5);
  const LlamaConfig middle = *LlamaConfig::preset("z2-1.1b");
  EXPECT_NEAR(static_cast<double>(middle.parameterCount()), 1.255e9, 2e6);
  const LlamaConfig large = *LlamaConfig::preset("z2-1.7b");
  EXPECT_NEAR(static_cast<double>(large.matmulParameterCount()), 1.642e9, 1e6);
  EXPECT_FALSE(LlamaConfig::preset("huge"));
}

TEST(LlamaConfig, CountsFlopsInBothConventions) {
  const LlamaConfig large = *LlamaConfig::preset("z2-1.7b");
  const StepFlops flops = flopsPerToken(large, 2048);
  EXPECT_NEAR(flops.causal / 1e9, 9.85 + 0.81, 0.02);
  EXPECT_NEAR(989.4e12 / flops.causal / 1e3, 92.9, 0.2);
  EXPECT_NEAR(989.4e12 / flops.full / 1e3, 86.3, 0.2);
}

TEST(LlamaConfig, NamesTheKeyOfWhatIsWrong) {
  LlamaConfig config;
  config.numKeyValueHeads = 3;
  EXPECT_EQ(config.validate().error().where, "model.num_key_value_heads");
  config = {};
  config.headDim = 7;
  EXPECT_EQ(config.validate().error().where, "model.head_dim");
  config = {};
  config.attentionDropout = 1.0;
  EXPECT_EQ(config.validate().error().where, "model.attention_dropout");
}

class LayoutTest : public TestWithParam<std::pair<bool, int64_t>> {};

TEST_P(LayoutTest, CoversEveryParameterOnceInBackwardsOrder) {
  const auto [isTied, bucketBytes] = GetParam();
  LlamaConfig config;
  config.numKeyValueHeads = 1;
  config.tieWordEmbeddings = isTied;
  config.hasQkvBias = config.hasOutputBias = true;
  const ParameterLayout layout(config, bucketBytes);

  int64_t end = 0;
  int64_t count = 0;
  for (const Parameter& parameter : layout.parameters()) {
    EXPECT_EQ(parameter.offset % kParameterAlignment, 0) << parameter.name;
    EXPECT_GE(parameter.offset, end) << parameter.name;
    EXPECT_EQ(parameter.decays(), parameter.offset < layout.decayEnd()) << parameter.name;
    const Bucket& bucket = layout.buckets()[static_cast<size_t>(parameter.bucket)];
    EXPECT_LE(bucket.begin, parameter.offset);
    EXPECT_GE(bucket.end, parameter.offset + parameter.size());
    end = parameter.offset + parameter.size();
    count += parameter.size();
  }
  EXPECT_EQ(count, config.parameterCount());
  EXPECT_LE(end, layout.size());
  int64_t next = 0;
  for (const Bucket& bucket : layout.buckets()) {
    EXPECT_EQ(bucket.begin, next);
    EXPECT_EQ(bucket.end % kBucketAlignment, 0);
    next = bucket.end;
  }
  EXPECT_EQ(next, layout.size());
  const Parameter& first = layout.parameters().front();
  EXPECT_EQ(first.name, isTied ? "layers.5.down" : "head");
}

TEST_P(LayoutTest, GivesEveryElementOneHuggingFaceTensor) {
  const auto [isTied, bucketBytes] = GetParam();
  LlamaConfig config;
  config.tieWordEmbeddings = isTied;
  config.hasQkvBias = true;
  const ParameterLayout layout(config, bucketBytes);
  std::set<std::string> names;
  std::vector<std::pair<int64_t, int64_t>> ranges;
  int64_t count = 0;
  for (const HfTensor& tensor : layout.hfTensors()) {
    EXPECT_TRUE(names.insert(tensor.name).second);
    ranges.emplace_back(tensor.offset, tensor.offset + tensor.size);
    count += tensor.size;
    EXPECT_EQ(layout.findHfTensor(tensor.name), &tensor);
  }
  EXPECT_EQ(count, config.parameterCount());
  std::sort(ranges.begin(), ranges.end());
  for (size_t i = 1; i < ranges.size(); ++i) EXPECT_LE(ranges[i - 1].second, ranges[i].first);
  EXPECT_EQ(names.count("lm_head.weight"), isTied ? 0u : 1u);
  const HfTensor* const key = layout.findHfTensor("model.layers.3.self_attn.k_proj.bias");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->shape, std::vector<int64_t>{320});
  EXPECT_EQ(layout.findHfTensor("model.layers.6.mlp.up_proj.weight"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Buckets, LayoutTest,
                         testing::Values(std::pair{true, int64_t{1}}, std::pair{false, int64_t{1}},
                                         std::pair{true, int64_t{4'000'000}},
                                         std::pair{false, int64_t{1'000'000'000}}));

TEST(MemoryPlan, SharesPlacesOnlyInTime) {
  MemoryPlan plan;
  plan.addPermanent("weights", MemoryPart::kWeights, 1000);
  const int a = plan.add("a", MemoryPart::kActivations, 5000, 1, 3);
  const int b = plan.add("b", MemoryPart::kLogits, 3000, 3, 4);
  const int c = plan.add("c", MemoryPart::kWorkspace, 4000, 4, 9);
  const int d = plan.add("d", MemoryPart::kWorkspace, 100, 0, 9);
  plan.place();
  const auto& buffers = plan.buffers();
  const auto overlaps = [&](int left, int right) {
    const PlannedBuffer& x = buffers[static_cast<size_t>(left)];
    const PlannedBuffer& y = buffers[static_cast<size_t>(right)];
    return x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes;
  };
  EXPECT_FALSE(overlaps(a, b));
  EXPECT_FALSE(overlaps(b, c));
  EXPECT_FALSE(overlaps(a, d));
  EXPECT_FALSE(overlaps(c, d));
  EXPECT_TRUE(overlaps(a, c));
  EXPECT_EQ(plan.totalBytes(), 1024 + 5120 + 3072 + 256);
  EXPECT_EQ(plan.bytesOf(MemoryPart::kWeights), 1024);
}

}  // namespace
}  // namespace z2
