// Adapters that PEFT wrote, over models that transformers wrote: loss, logits and the adapters'
// gradients equal PEFT's (tests/oracle/make_peft_adapters.py), merged and unmerged; and what is
// written reads back as it was.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/json.h"
#include "core/model/check.h"
#include "core/model/llama.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/model_source.h"
#include "kernels/cpu_ops.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;

using Rows = std::vector<std::vector<int32_t>>;

Batch batchOf(const std::vector<int32_t>& row) {
  Batch batch;
  batch.rows = 1;
  batch.columns = static_cast<int64_t>(row.size());
  batch.tokens = row;
  batch.targets.assign(row.begin() + 1, row.end());
  batch.targets.push_back(-1);
  return batch;
}

class PeftOracle : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static fs::path folder() {
    return fs::path(Z2_SOURCE_DIR) / "tests/fixtures/peft" / GetParam();
  }
  [[nodiscard]] static Json oracle() { return readJsonFile(folder() / "oracle.json").value(); }
};

void expectNear(double actual, double expected, const std::string& what) {
  EXPECT_NEAR(actual, expected, kTolerance * std::max(1.0, std::abs(expected))) << what;
}

TEST_P(PeftOracle, MergedLossAndLogitsEqualPefts) {
  const Json expected = oracle();
  const auto source = ModelSource::open(folder());
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ(source->description().kind, ModelKind::kAdapters);
  auto model = Llama::create(source->config(), {.columns = 48, .hasOptimizer = false}, cpuOps());
  ASSERT_TRUE(model) << model.error().text();
  ASSERT_TRUE(loadWeights(*source, *model));
  const auto check = checkModel(*model, expected["rows"].get<Rows>());
  ASSERT_TRUE(check) << check.error().text();
  expectNear(check->loss, expected["loss"].get<double>(), "loss");
  const auto logits = expected["logits_last"].get<std::vector<std::vector<float>>>();
  for (size_t row = 0; row < logits.size(); ++row)
    for (size_t id = 0; id < logits[row].size(); ++id)
      expectNear(check->lastLogits[row][id], logits[row][id], "logit " + std::to_string(id));
}

TEST_P(PeftOracle, GradientsOfTheAdaptersEqualPefts) {
  const Json expected = oracle();
  const auto peft = PeftDirectory::open(folder());
  ASSERT_TRUE(peft) << peft.error().text();
  const auto base = ModelSource::open(locateBase(peft->origin().base, folder()));
  ASSERT_TRUE(base) << base.error().text();
  auto model =
      Llama::create(base->config(),
                    {.columns = 48, .hasOptimizer = false, .lora = peft->origin().lora}, cpuOps());
  ASSERT_TRUE(model) << model.error().text();
  ASSERT_TRUE(loadWeights(*base, *model));
  ASSERT_TRUE(peft->check(model->adapterLayout()));
  std::vector<float> values;
  for (const AdapterTensor& tensor : model->adapterLayout().tensors()) {
    values.resize(static_cast<size_t>(tensor.size));
    ASSERT_TRUE(peft->read(tensor, values));
    ASSERT_TRUE(model->writeAdapter(tensor, values));
  }
  const auto rows = expected["rows"].get<Rows>();
  size_t count = 0;
  for (const auto& row : rows) count += row.size() - 1;
  for (const auto& row : rows)
    ASSERT_TRUE(model->forwardBackward(batchOf(row), {.gradScale = 1 / static_cast<float>(count)}));
  expectNear(*model->takeLossSum() / static_cast<double>(count), expected["loss"].get<double>(),
             "loss");
  ASSERT_EQ(model->adapterLayout().tensors().size(), expected["grad_norms"].size());
  for (const AdapterTensor& tensor : model->adapterLayout().tensors()) {
    double squares = 0;
    for (int64_t i = 0; i < tensor.size; ++i)
      squares += std::pow(static_cast<double>(model->adapters().gradients[tensor.offset + i]), 2);
    expectNear(std::sqrt(squares), expected["grad_norms"][tensor.name].get<double>(), tensor.name);
  }
}

TEST_P(PeftOracle, WhatIsWrittenReadsBack) {
  const TemporaryFolder temporary;
  const auto peft = PeftDirectory::open(folder());
  ASSERT_TRUE(peft);
  const auto base = ModelSource::open(locateBase(peft->origin().base, folder()));
  ASSERT_TRUE(base);
  AdapterOrigin origin = peft->origin();
  origin.base = fs::absolute(base->description().path).native();
  origin.baseHash = *weightsHash(*base);
  const AdapterLayout layout(base->config(), origin.lora);
  const auto read = [&](const AdapterTensor& tensor, std::span<float> values) {
    return peft->read(tensor, values);
  };
  const fs::path copy = temporary.path() / "copy";
  const auto written = writePeftDirectory(copy, origin, layout, read);
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_FALSE(writePeftDirectory(copy, origin, layout, read));  // there already
  const auto again = PeftDirectory::open(copy);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->origin().lora, origin.lora);
  EXPECT_EQ(again->origin().baseHash, origin.baseHash);
  ASSERT_TRUE(again->check(layout));
  for (const AdapterTensor& tensor : layout.tensors()) {
    std::vector<float> first(static_cast<size_t>(tensor.size));
    std::vector<float> second(first.size());
    ASSERT_TRUE(peft->read(tensor, first));
    ASSERT_TRUE(again->read(tensor, second));
    EXPECT_EQ(first, second) << tensor.name;
  }
  EXPECT_TRUE(ModelSource::open(copy));
}

INSTANTIATE_TEST_SUITE_P(Adapters, PeftOracle,
                         ::testing::Values("llama_everywhere", "qwen2_rslora"),
                         [](const auto& row) { return std::string(row.param); });

// A folder like the fixture with one change to its configuration.
fs::path changed(const TemporaryFolder& temporary, const char* key, const Json& value) {
  const fs::path from = fs::path(Z2_SOURCE_DIR) / "tests/fixtures/peft/llama_everywhere";
  const fs::path folder = temporary.path() / (std::string(key) + " " + value.dump());
  fs::create_directories(folder);
  fs::copy(from / "adapter_model.safetensors", folder / "adapter_model.safetensors");
  Json config = readJsonFile(from / "adapter_config.json").value();
  config["base_model_name_or_path"] =
      (fs::path(Z2_SOURCE_DIR) / "tests/fixtures/hf/llama_gqa").native();
  config[key] = value;
  EXPECT_TRUE(writeJsonFile(folder / "adapter_config.json", config));
  return folder;
}

TEST(PeftDirectory, WhatIsNotComputedIsRefusedInWords) {
  const TemporaryFolder temporary;
  const std::pair<const char*, Json> cases[] = {
      {"use_dora", true},      {"bias", "all"}, {"rank_pattern", {{"q_proj", 8}}},
      {"peft_type", "PREFIX"}, {"r", 0},        {"modules_to_save", {"lm_head"}}};
  for (const auto& [key, value] : cases) {
    const auto opened = ModelSource::open(changed(temporary, key, value));
    ASSERT_FALSE(opened) << key;
    EXPECT_EQ(opened.error().code, ErrorCode::kBadInput) << key;
    EXPECT_NE(opened.error().text().find("adapter_config.json"), std::string::npos)
        << opened.error().text();
  }
  // A rank that is not the file's.
  EXPECT_FALSE(ModelSource::open(changed(temporary, "r", 2)));
  const auto missing =
      ModelSource::open(changed(temporary, "base_model_name_or_path", "somebody/some-model"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().text().find("some-model"), std::string::npos) << missing.error().text();
}

TEST(PeftDirectory, OfAnotherBaseIsRefused) {
  const fs::path fixtures = fs::path(Z2_SOURCE_DIR) / "tests/fixtures";
  const TemporaryFolder temporary;
  const auto peft = PeftDirectory::open(fixtures / "peft/llama_everywhere");
  ASSERT_TRUE(peft);
  const auto base = ModelSource::open(fixtures / "hf/llama_gqa");
  ASSERT_TRUE(base);
  AdapterOrigin origin = peft->origin();
  origin.base = (fixtures / "hf/llama_gqa").native();
  origin.baseHash = std::string(32, '0');
  const fs::path copy = temporary.path() / "copy";
  ASSERT_TRUE(writePeftDirectory(copy, origin, AdapterLayout(base->config(), origin.lora),
                                 [&](const AdapterTensor& tensor, std::span<float> values) {
                                   return peft->read(tensor, values);
                                 }));
  const auto opened = ModelSource::open(copy);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("another model"), std::string::npos)
      << opened.error().text();
}

}  // namespace
}  // namespace z2
