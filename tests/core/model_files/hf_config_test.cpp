#include "core/model_files/hf_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json llama() {
  return {{"architectures", {"LlamaForCausalLM"}},
          {"vocab_size", 96},
          {"hidden_size", 32},
          {"intermediate_size", 48},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"max_position_embeddings", 64}};
}

Json with(Json config, const Json& more) {
  config.update(more);
  return config;
}

Json qwen2() { return with(llama(), {{"architectures", {"Qwen2ForCausalLM"}}}); }

LlamaConfig read(const Json& config) {
  const auto parsed = readHfConfig(config, "config.json");
  EXPECT_TRUE(parsed) << parsed.error().text();
  return parsed ? parsed->model : LlamaConfig{};
}

TEST(HfConfig, DefaultsAreThoseOfTransformers) {
  const LlamaConfig model = read(llama());
  EXPECT_EQ(model.headDim, 8);
  EXPECT_EQ(model.ropeTheta, 10000.0);
  EXPECT_EQ(model.rmsNormEps, 1e-6);
  EXPECT_FALSE(model.tieWordEmbeddings);
  EXPECT_FALSE(model.hasQkvBias);
  EXPECT_FALSE(model.hasOutputBias);
  EXPECT_EQ(model.ropeScaling, RopeScaling::kNone);
}

TEST(HfConfig, HeadsOfKeysDefaultToTheHeads) {
  EXPECT_EQ(read(with(llama(), {{"num_key_value_heads", nullptr}})).numKeyValueHeads, 4);
}

TEST(HfConfig, LlamaHasAllBiasesQwen2ThoseOfQkv) {
  const LlamaConfig biased = read(with(llama(), {{"attention_bias", true}}));
  EXPECT_TRUE(biased.hasQkvBias);
  EXPECT_TRUE(biased.hasOutputBias);
  const LlamaConfig qwen = read(qwen2());
  EXPECT_TRUE(qwen.hasQkvBias);
  EXPECT_FALSE(qwen.hasOutputBias);
}

TEST(HfConfig, RopeOfBothVersionsOfTransformers) {
  const LlamaConfig v4 = read(with(
      llama(), {{"rope_theta", 5e5}, {"rope_scaling", {{"type", "linear"}, {"factor", 4.0}}}}));
  const LlamaConfig v5 = read(
      with(llama(),
           {{"rope_parameters", {{"rope_type", "linear"}, {"factor", 4.0}, {"rope_theta", 5e5}}}}));
  for (const LlamaConfig& model : {v4, v5}) {
    EXPECT_EQ(model.ropeTheta, 5e5);
    EXPECT_EQ(model.ropeScaling, RopeScaling::kLinear);
    EXPECT_EQ(model.ropeScalingFactor, 4.0);
  }
  EXPECT_EQ(read(with(llama(), {{"rope_scaling", nullptr}})).ropeScaling, RopeScaling::kNone);
}

TEST(HfConfig, EndTokensAreOneOrSeveral) {
  EXPECT_THAT(readHfConfig(with(llama(), {{"eos_token_id", 2}}), "")->eosIds, ElementsAre(2));
  EXPECT_THAT(readHfConfig(with(llama(), {{"eos_token_id", {2, 5}}}), "")->eosIds,
              ElementsAre(2, 5));
}

TEST(HfConfig, ASlidingWindowThatIsOffIsIgnored) {
  EXPECT_TRUE(
      readHfConfig(with(qwen2(), {{"sliding_window", 4096}, {"use_sliding_window", false}}), ""));
  EXPECT_TRUE(readHfConfig(
      with(qwen2(),
           {{"sliding_window", 4096}, {"use_sliding_window", true}, {"max_window_layers", 2}}),
      ""));
}

struct Refused {
  const char* label;
  Json config;
  const char* reason;
};

class HfConfigRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(HfConfigRefuses, Setting) {
  const auto parsed = readHfConfig(GetParam().config, "config.json");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(parsed.error().where, HasSubstr("config.json"));
  EXPECT_THAT(parsed.error().text(), HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Table, HfConfigRefuses,
    ::testing::Values(
        Refused{"AList", Json::array(), "not a JSON object"},
        Refused{"NoArchitecture", Json::object(), "\"architectures\" is missing"},
        Refused{"AnotherArchitecture", with(llama(), {{"architectures", {"MistralForCausalLM"}}}),
                "MistralForCausalLM"},
        Refused{"NoVocabulary", with(llama(), {{"vocab_size", nullptr}}), "\"vocab_size\""},
        Refused{"ATextAsNumber", with(llama(), {{"hidden_size", "32"}}), "\"hidden_size\""},
        Refused{"NoHeads", with(llama(), {{"num_attention_heads", 0}}), "num_attention_heads"},
        Refused{"HugeNumber", with(llama(), {{"vocab_size", UINT64_MAX}}), "too large"},
        Refused{"Activation", with(llama(), {{"hidden_act", "gelu"}}), "\"gelu\""},
        Refused{"MlpBias", with(llama(), {{"mlp_bias", true}}), "mlp_bias"},
        Refused{"Quantized", with(llama(), {{"quantization_config", {{"bits", 4}}}}),
                "quantization_config"},
        Refused{"RopeType",
                with(llama(), {{"rope_scaling", {{"rope_type", "llama3"}, {"factor", 8.0}}}}),
                "\"llama3\" is not supported"},
        Refused{"RopeWithoutFactor", with(llama(), {{"rope_scaling", {{"type", "linear"}}}}),
                "rope_scaling.factor"},
        Refused{"PartialRotary",
                with(llama(), {{"rope_parameters",
                                {{"rope_type", "default"}, {"partial_rotary_factor", 0.5}}}}),
                "partial_rotary_factor"},
        Refused{"RopeDisagrees",
                with(llama(), {{"rope_theta", 1e4}, {"rope_parameters", {{"rope_theta", 1e6}}}}),
                "disagree"},
        Refused{
            "SlidingWindow",
            with(qwen2(),
                 {{"sliding_window", 16}, {"use_sliding_window", true}, {"max_window_layers", 0}}),
            "use_sliding_window"},
        Refused{"SlidingLayer",
                with(qwen2(), {{"layer_types", {"full_attention", "sliding_attention"}}}),
                "sliding_attention"}),
    [](const auto& row) { return std::string(row.param.label); });

class HfConfigWrites : public ::testing::TestWithParam<Json> {};

TEST_P(HfConfigWrites, WhatItReadsBack) {
  const auto first = readHfConfig(GetParam(), "config.json");
  ASSERT_TRUE(first) << first.error().text();
  const auto written = writeHfConfig(*first, DType::kBF16);
  ASSERT_TRUE(written);
  EXPECT_EQ((*written)["architectures"], GetParam()["architectures"]);
  const auto second = readHfConfig(*written, "config.json");
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(*writeHfConfig(*second, DType::kBF16), *written);
  EXPECT_EQ(second->model.ropeScaling, first->model.ropeScaling);
  EXPECT_EQ(second->model.ropeScalingFactor, first->model.ropeScalingFactor);
  EXPECT_EQ(second->model.ropeTheta, first->model.ropeTheta);
  EXPECT_EQ(second->eosIds, first->eosIds);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HfConfigWrites,
    ::testing::Values(llama(), qwen2(),
                      with(llama(), {{"attention_bias", true}, {"tie_word_embeddings", true}}),
                      with(llama(), {{"rope_theta", 5e5},
                                     {"rope_scaling", {{"type", "dynamic"}, {"factor", 4.0}}},
                                     {"eos_token_id", {1, 2}},
                                     {"bos_token_id", 0}})));

TEST(HfConfig, AnOutputBiasAloneHasNoArchitecture) {
  HfConfig config = *readHfConfig(llama(), "");
  config.model.hasOutputBias = true;
  EXPECT_FALSE(writeHfConfig(config, DType::kF32));
}

}  // namespace
}  // namespace z2
