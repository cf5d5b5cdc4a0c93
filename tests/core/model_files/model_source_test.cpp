#include "core/model_files/model_source.h"

#include <cstddef>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/checkpoint/checkpoint_store.h"
#include "core/run/run_directory.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Json kShape = {{"model.preset", "custom"},
                     {"model.vocab_size", 16},
                     {"model.hidden_size", 8},
                     {"model.intermediate_size", 16},
                     {"model.num_hidden_layers", 1},
                     {"model.num_attention_heads", 2},
                     {"model.num_key_value_heads", 1},
                     {"model.max_position_embeddings", 32},
                     {"data.seq_len", 16}};

// A run whose checkpoints hold the numbers step, step + 1, … as weights.
class RunWithCheckpoints : public ::testing::Test {
 protected:
  void SetUp() override {
    const RunConfig config = RunConfig::make(Task::kPretrain, kShape).value();
    ASSERT_TRUE(RunDirectory::create(run(), config));
    shape_ = LlamaConfig::fromRunConfig(config).value();
  }
  [[nodiscard]] fs::path run() const { return folder_.path() / "run"; }

  fs::path save(int64_t step, bool isComplete = true) {
    const ParameterLayout layout(shape_, INT64_MAX);
    std::vector<std::vector<float>> values;
    std::vector<TensorView> tensors;
    for (const HfTensor& tensor : layout.hfTensors()) {
      std::vector<float>& own = values.emplace_back(static_cast<size_t>(tensor.size));
      std::iota(own.begin(), own.end(), static_cast<float>(step));
      tensors.push_back({std::string(kModelPrefix) + tensor.name, DType::kF32, tensor.shape,
                         std::as_bytes(std::span(own))});
    }
    if (!isComplete) tensors.pop_back();
    auto store = CheckpointStore::open({.folder = run() / "ckpt"});
    const Json state = {{"config", RunConfig::make(Task::kPretrain, kShape)->toJson()}};
    return store->save(step, tensors, state, std::nullopt).value().folder;
  }

  // The first weight of the embedding, which is the step.
  static float firstWeight(const ModelSource& source) {
    const ParameterLayout layout(source.config(), INT64_MAX);
    const HfTensor& tensor = *layout.findHfTensor("model.embed_tokens.weight");
    std::vector<float> values(static_cast<size_t>(tensor.size));
    EXPECT_TRUE(source.readTensor(tensor, values));
    return values.front();
  }

  TemporaryFolder folder_;
  LlamaConfig shape_;
};

TEST_F(RunWithCheckpoints, ARunIsItsNewestCheckpoint) {
  save(10);
  save(20);
  const auto source = ModelSource::open(run().native() + "/");
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ(source->description().kind, ModelKind::kRun);
  EXPECT_EQ(source->config().vocabSize, 16);
  EXPECT_EQ(firstWeight(*source), 20.0F);
}

TEST_F(RunWithCheckpoints, ADamagedNewestIsPassedOver) {
  save(10);
  const fs::path newest = save(20);
  fs::resize_file(newest / "model.safetensors", fs::file_size(newest / "model.safetensors") - 1);
  const auto source = ModelSource::open(run());
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ(firstWeight(*source), 10.0F);
  const auto named = ModelSource::open(newest);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ErrorCode::kCorrupt);
}

TEST_F(RunWithCheckpoints, ACheckpointCanBeNamedAndMovedAway) {
  const fs::path moved = folder_.path() / "kept";
  fs::rename(save(10), moved);
  save(20);
  const auto source = ModelSource::open(moved);
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ(source->description().kind, ModelKind::kCheckpoint);
  EXPECT_EQ(firstWeight(*source), 10.0F);
}

TEST_F(RunWithCheckpoints, ARunWithoutCheckpointsSaysSo) {
  EXPECT_THAT(ModelSource::open(run()).error().text(), HasSubstr("no checkpoint"));
}

TEST_F(RunWithCheckpoints, AMissingTensorIsNamed) {
  save(10, false);
  EXPECT_THAT(ModelSource::open(run()).error().text(), HasSubstr("is missing"));
}

TEST(ModelSource, WhatIsNoModelIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(describeModel(folder.path()).error().text(), HasSubstr("this is no model"));
  EXPECT_THAT(describeModel(folder.path() / "x").error().text(), HasSubstr("no such directory"));
}

}  // namespace
}  // namespace z2
