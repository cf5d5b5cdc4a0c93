#include "core/model_files/gguf/gguf_export.h"

#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/model_files/gguf/gguf_names.h"
#include "core/model_files/gguf/plain_template.h"
#include "core/model_files/gguf/q8_0.h"
#include "tests/core/model_files/gguf/gguf_reader.h"
#include "tests/core/model_files/gguf/small_config.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Element i of a tensor is i / 1000.
Result<void> countUp(const HfTensor&, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 1000;
  return {};
}

std::vector<float> floatsOf(const ReadTensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

class GgufExport : public ::testing::Test {
 protected:
  ReadGguf write(const HfConfig& config, GgmlType type) {
    const auto done = writeGguf(file(), config, countUp, {.type = type, .name = "small"});
    EXPECT_TRUE(done) << done.error().text();
    notes_ = done->notes;
    const std::string bytes = readFile(file()).value();
    EXPECT_EQ(done->bytes, bytes.size());
    return readGguf(bytes);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "small.gguf"; }

  TemporaryFolder folder_;
  std::vector<std::string> notes_;
};

TEST_F(GgufExport, SaysTheShapeInLlamaCppsWords) {
  const ReadGguf read = write(smallGgufConfig(1), GgmlType::kF32);
  const Json& metadata = read.metadata;
  EXPECT_EQ(metadata["general.architecture"], "llama");
  EXPECT_EQ(metadata["llama.context_length"], 32);
  EXPECT_EQ(metadata["llama.embedding_length"], 64);
  EXPECT_EQ(metadata["llama.feed_forward_length"], 96);
  EXPECT_EQ(metadata["llama.attention.head_count"], 4);
  EXPECT_EQ(metadata["llama.attention.head_count_kv"], 2);
  EXPECT_EQ(metadata["llama.rope.dimension_count"], 16);
  EXPECT_EQ(read.tensors.size(), 12U);
  EXPECT_THAT(read.tensors.at("token_embd.weight").dimensions, ElementsAre(64, 40));
  EXPECT_THAT(read.tensors.at("blk.0.ffn_down.weight").dimensions, ElementsAre(96, 64));
  EXPECT_EQ(floatsOf(read.tensors.at("blk.0.attn_v.weight"))[64], 0.064F);
}

TEST_F(GgufExport, QueriesAndKeysAreOrderedInNeighbouringPairs) {
  const ReadGguf read = write(smallGgufConfig(1), GgmlType::kF32);
  for (const char* name : {"blk.0.attn_q.weight", "blk.0.attn_k.weight"}) {
    const std::vector<float> values = floatsOf(read.tensors.at(name));
    for (size_t row = 0; row < values.size() / 64; ++row) {
      const size_t from = row / 16 * 16 + row % 2 * 8 + row % 16 / 2;
      EXPECT_EQ(values[row * 64 + 3], static_cast<float>(from * 64 + 3) / 1000) << name << row;
    }
  }
}

TEST_F(GgufExport, QwenKeepsItsOrderAndItsBiases) {
  HfConfig config = smallGgufConfig(1);
  config.model.hasQkvBias = true;
  const ReadGguf read = write(config, GgmlType::kF32);
  EXPECT_EQ(read.metadata["general.architecture"], "qwen2");
  EXPECT_EQ(read.metadata["qwen2.block_count"], 1);
  const std::vector<float> bias = floatsOf(read.tensors.at("blk.0.attn_q.bias"));
  for (size_t i = 0; i < bias.size(); ++i) EXPECT_EQ(bias[i], static_cast<float>(i) / 1000);
}

TEST_F(GgufExport, BiasesOfLlamaAreOrderedAsTheirRows) {
  HfConfig config = smallGgufConfig(1);
  config.model.hasQkvBias = config.model.hasOutputBias = true;
  const ReadGguf read = write(config, GgmlType::kF32);
  EXPECT_EQ(read.metadata["general.architecture"], "llama");
  const std::vector<float> bias = floatsOf(read.tensors.at("blk.0.attn_k.bias"));
  EXPECT_EQ(bias[17], 0.024F);
  EXPECT_EQ(floatsOf(read.tensors.at("blk.0.attn_output.bias"))[17], 0.017F);
}

TEST_F(GgufExport, VectorsStayF32AndMatricesTakeTheType) {
  for (const GgmlType type : {GgmlType::kF16, GgmlType::kBF16, GgmlType::kQ8_0}) {
    const ReadGguf read = write(smallGgufConfig(1), type);
    EXPECT_EQ(read.tensors.at("output.weight").type, static_cast<uint32_t>(type));
    EXPECT_EQ(read.tensors.at("output_norm.weight").type, 0U);
    EXPECT_TRUE(notes_.empty());
  }
}

TEST_F(GgufExport, RowsThatAreNoWholeBlocksBecomeF16) {
  HfConfig config = smallGgufConfig(1);
  config.model.intermediateSize = 80;
  const ReadGguf read = write(config, GgmlType::kQ8_0);
  EXPECT_EQ(read.tensors.at("blk.0.ffn_down.weight").type, 1U);
  EXPECT_EQ(read.tensors.at("blk.0.ffn_up.weight").type, 8U);
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_THAT(notes_[0], HasSubstr("1 matrices are F16"));
}

TEST_F(GgufExport, ATiedHeadIsNotWrittenTwice) {
  HfConfig config = smallGgufConfig(1);
  config.model.tieWordEmbeddings = true;
  EXPECT_FALSE(write(config, GgmlType::kF16).tensors.contains("output.weight"));
}

TEST_F(GgufExport, NothingIsLeftWhenAWeightCannotBeRead) {
  const auto fail = [](const HfTensor& tensor, std::span<float> values) -> Result<void> {
    if (tensor.name == "model.norm.weight") return corrupt(tensor.name, "damaged");
    return countUp(tensor, values);
  };
  EXPECT_FALSE(writeGguf(file(), smallGgufConfig(1), fail, {.name = "small"}));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST(PlainTemplate, TagsOfTrainingBecomeConditionsThatHold) {
  EXPECT_EQ(
      withoutGenerationTags("a{%- generation -%}{{ x }}{% endgeneration %}b{% if y %}c{% endif %}"),
      "a{%- if true -%}{{ x }}{% endif %}b{% if y %}c{% endif %}");
  EXPECT_EQ(withoutGenerationTags("{% generation"), "{% generation");
}

}  // namespace
}  // namespace z2
