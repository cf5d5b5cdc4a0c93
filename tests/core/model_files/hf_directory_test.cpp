#include "core/model_files/hf_directory.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/json.h"
#include "core/model_files/element_conversion.h"
#include "core/model_files/hf_export.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

fs::path fixture(const char* name) { return fs::path(Z2_SOURCE_DIR) / "tests/fixtures/hf" / name; }

// A copy of a fixture that a test may damage.
class DamagedDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy(fixture("qwen2"), folder_.path(), fs::copy_options::recursive);
    config_ = readHfDirectoryConfig(folder_.path())->model;
  }
  [[nodiscard]] std::string refusal() const {
    const auto weights = HfWeights::open(folder_.path(), config_);
    return weights ? std::string("accepted") : weights.error().text();
  }
  void changeIndex(const std::function<void(Json&)>& change) {
    const fs::path path = folder_.path() / "model.safetensors.index.json";
    Json index = readJsonFile(path).value();
    change(index);
    ASSERT_TRUE(writeJsonFile(path, index));
  }

  TemporaryFolder folder_;
  LlamaConfig config_;
};

TEST_F(DamagedDirectory, ItsOriginIsAccepted) { EXPECT_EQ(refusal(), "accepted"); }

TEST_F(DamagedDirectory, AMissingShardIsNamed) {
  fs::remove(folder_.path() / "model-00002-of-00003.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("model-00002-of-00003.safetensors"));
}

TEST_F(DamagedDirectory, ATensorThatTheIndexLacksIsNamed) {
  changeIndex([](Json& index) { index["weight_map"].erase("model.norm.weight"); });
  EXPECT_THAT(refusal(), HasSubstr("\"model.norm.weight\" is missing"));
}

TEST_F(DamagedDirectory, ATensorInAnotherShardIsNamed) {
  changeIndex([](Json& index) {
    index["weight_map"]["model.norm.weight"] = "model-00001-of-00003.safetensors";
  });
  EXPECT_THAT(refusal(), HasSubstr("\"model.norm.weight\" is missing"));
}

TEST_F(DamagedDirectory, AShardElsewhereIsRefused) {
  changeIndex([](Json& index) { index["weight_map"]["model.norm.weight"] = "../x.safetensors"; });
  EXPECT_THAT(refusal(), HasSubstr("not in a file beside the index"));
}

TEST_F(DamagedDirectory, AnIndexWithoutMapIsRefused) {
  ASSERT_TRUE(replaceFile(folder_.path() / "model.safetensors.index.json", "[]"));
  EXPECT_THAT(refusal(), HasSubstr("weight_map"));
}

TEST_F(DamagedDirectory, AnotherShapeIsNamed) {
  config_.intermediateSize = 64;
  EXPECT_THAT(refusal(), HasSubstr("has the shape"));
}

TEST_F(DamagedDirectory, ATensorTooManyIsNamed) {
  config_.hasQkvBias = false;
  EXPECT_THAT(refusal(), HasSubstr("has no place"));
}

TEST_F(DamagedDirectory, PicklesAreNotRead) {
  fs::remove(folder_.path() / "model.safetensors.index.json");
  ASSERT_TRUE(replaceFile(folder_.path() / "pytorch_model.bin", "x"));
  EXPECT_THAT(refusal(), HasSubstr("pytorch_model.bin is not read"));
}

// Exports the weights of a directory again.
Result<HfExportReport> exportAgain(const fs::path& from, const fs::path& to,
                                   const HfExportOptions& options) {
  Z2_TRY(const HfConfig config, readHfDirectoryConfig(from));
  Z2_TRY(const HfWeights weights, HfWeights::open(from, config.model));
  return writeHfDirectory(
      to, config,
      [&](const HfTensor& tensor, std::span<float> values) -> Result<void> {
        const TensorView& view = weights.tensor(tensor.name);
        widen(view.type, view.bytes, values);
        return {};
      },
      options);
}

void expectSameBytes(const fs::path& a, const fs::path& b) {
  const LlamaConfig config = readHfDirectoryConfig(a)->model;
  const auto first = HfWeights::open(a, config);
  const auto second = HfWeights::open(b, readHfDirectoryConfig(b)->model);
  ASSERT_TRUE(first && second);
  const ParameterLayout layout(config, INT64_MAX);
  for (const HfTensor& tensor : layout.hfTensors()) {
    EXPECT_EQ(first->tensor(tensor.name).type, second->tensor(tensor.name).type);
    EXPECT_TRUE(
        std::ranges::equal(first->tensor(tensor.name).bytes, second->tensor(tensor.name).bytes))
        << tensor.name;
  }
}

class HfRoundTrip : public ::testing::TestWithParam<const char*> {};

TEST_P(HfRoundTrip, KeepsEveryBit) {
  const TemporaryFolder folder;
  const fs::path first = folder.path() / "fp32";
  const auto report = exportAgain(fixture(GetParam()), first, {.type = DType::kF32});
  ASSERT_TRUE(report) << report.error().text();
  expectSameBytes(fixture(GetParam()), first);

  // Once rounded to bf16, nothing is lost any more; and shards change nothing.
  const fs::path half = folder.path() / "bf16";
  const fs::path again = folder.path() / "again";
  ASSERT_TRUE(exportAgain(first, half, {.type = DType::kBF16}));
  ASSERT_TRUE(exportAgain(half, again, {.type = DType::kBF16, .shardBytes = 10'000}));
  EXPECT_TRUE(fs::exists(again / "model.safetensors.index.json"));
  EXPECT_FALSE(fs::exists(again / "model.safetensors"));
  expectSameBytes(half, again);
}

INSTANTIATE_TEST_SUITE_P(Models, HfRoundTrip,
                         ::testing::Values("llama_gqa", "llama_tied_biases", "qwen2",
                                           "llama_linear", "llama_dynamic"));

TEST(HfExport, RefusesAFolderWithFiles) {
  const TemporaryFolder folder;
  ASSERT_TRUE(replaceFile(folder.path() / "mine", "x"));
  const auto report = exportAgain(fixture("llama_gqa"), folder.path(), {});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("not an empty folder"));
  EXPECT_TRUE(fs::exists(folder.path() / "mine"));
}

TEST(HfExport, AnErrorLeavesNothing) {
  const TemporaryFolder folder;
  const HfConfig config = *readHfDirectoryConfig(fixture("llama_gqa"));
  const auto report = writeHfDirectory(
      folder.path() / "out", config,
      [](const HfTensor&, std::span<float>) -> Result<void> { return badInput("x", "no"); }, {});
  EXPECT_FALSE(report);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(HfExport, CopiesTheTokenizerUnderItsUsualName) {
  const TemporaryFolder folder;
  const fs::path tokenizer = folder.path() / "tokenizer";
  fs::create_directory(tokenizer);
  ASSERT_TRUE(replaceFile(tokenizer / "my_tokenizer.json", "{}"));
  ASSERT_TRUE(replaceFile(tokenizer / "tokenizer_config.json", "{\"a\":1}"));
  const fs::path out = folder.path() / "out";
  ASSERT_TRUE(exportAgain(fixture("llama_gqa"), out, {.tokenizer = tokenizer}));
  EXPECT_EQ(readFile(out / "tokenizer.json").value(), "{}");
  EXPECT_EQ(readFile(out / "tokenizer_config.json").value(), "{\"a\":1}");
}

TEST(ElementConversion, RoundsToNearestEven) {
  const std::vector<float> values = {1.0F, 1.00390625F, 1.01171875F, -65519.0F};
  std::vector<std::byte> bytes(values.size() * 2);
  std::vector<float> back(values.size());
  narrow(values, DType::kBF16, bytes);
  widen(DType::kBF16, bytes, back);
  EXPECT_EQ(back, (std::vector<float>{1.0F, 1.0F, 1.015625F, -65536.0F}));
  narrow(values, DType::kF16, bytes);
  widen(DType::kF16, bytes, back);
  EXPECT_EQ(back, (std::vector<float>{1.0F, 1.00390625F, 1.01171875F, -65504.0F}));
}

}  // namespace
}  // namespace z2
