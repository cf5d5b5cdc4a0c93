#include "core/model/llama_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/schema.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

LlamaConfig throughKeys(const LlamaConfig& model) {
  Json keys = model.toKeys();
  keys["model.preset"] = "custom";
  return LlamaConfig::fromRunConfig(RunConfig::make(Task::kPretrain, keys).value()).value();
}

// Each field differs from its default.
LlamaConfig unusual() {
  LlamaConfig model;
  model.vocabSize = 1000;
  model.hiddenSize = 96;
  model.intermediateSize = 200;
  model.numHiddenLayers = 3;
  model.numAttentionHeads = 6;
  model.numKeyValueHeads = 2;
  model.headDim = 32;
  model.maxPositionEmbeddings = 2048;
  model.ropeTheta = 5e5;
  model.ropeScaling = RopeScaling::kLinear;
  model.ropeScalingFactor = 2.5;
  model.rmsNormEps = 1e-6;
  model.tieWordEmbeddings = false;
  model.attentionDropout = 0.1;
  model.residualDropout = 0.2;
  model.residualFp32 = true;
  model.initializerRange = 0.05;
  return model;
}

TEST(LlamaConfig, KeysGiveTheSameModel) {
  EXPECT_EQ(throughKeys(unusual()), unusual());
  for (const char* name : {"tiny", "z2-124m", "z2-1.1b", "z2-1.7b"}) {
    const LlamaConfig preset = LlamaConfig::preset(name).value();
    EXPECT_EQ(throughKeys(preset), preset) << name;
  }
}

TEST(LlamaConfig, KeysGiveTheSameRopeScalingAndBiases) {
  for (const RopeScaling scaling :
       {RopeScaling::kNone, RopeScaling::kLinear, RopeScaling::kDynamic}) {
    for (const int biases : {0, 1, 2}) {
      LlamaConfig model = unusual();
      model.ropeScaling = scaling;
      if (scaling == RopeScaling::kNone) model.ropeScalingFactor = 1;
      model.hasQkvBias = biases > 0;
      model.hasOutputBias = biases > 1;
      EXPECT_EQ(throughKeys(model), model) << static_cast<int>(scaling) << ' ' << biases;
    }
  }
}

TEST(LlamaConfig, EveryKeyOfTheModelIsThere) {
  const Json keys = unusual().toKeys();
  for (const Field& field : schema()) {
    if (field.group != FieldGroup::kModel || field.key == "model.preset" ||
        field.key == "model.init_from")
      continue;
    EXPECT_TRUE(keys.contains(std::string(field.key))) << field.key;
  }
}

TEST(LlamaConfig, ABiasOnTheOutputAloneIsRefused) {
  LlamaConfig model;
  model.hasOutputBias = true;
  const auto valid = model.validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(valid.error().text(), HasSubstr("model.attention_bias"));
}

}  // namespace
}  // namespace z2
