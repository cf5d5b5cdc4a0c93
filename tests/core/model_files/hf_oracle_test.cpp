// Loss, gradients, logits and greedy continuations of tiny random models equal those that
// transformers gives (tests/oracle/make_hf_models.py).

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/generate/generator.h"
#include "core/io/json.h"
#include "core/model/check.h"
#include "core/model/llama.h"
#include "core/model_files/element_conversion.h"
#include "core/model_files/hf_directory.h"
#include "kernels/cpu_ops.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;

class HfOracle : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static fs::path folder() {
    return fs::path(Z2_SOURCE_DIR) / "tests/fixtures/hf" / GetParam();
  }
  [[nodiscard]] static Json oracle() { return readJsonFile(folder() / "oracle.json").value(); }

  static Result<Llama> load(const LlamaOptions& options) {
    Z2_TRY(const HfConfig config, readHfDirectoryConfig(folder()));
    Z2_TRY(const HfWeights weights, HfWeights::open(folder(), config.model));
    Z2_TRY(Llama model, Llama::create(config.model, options, cpuOps()));
    std::vector<float> values;
    for (const HfTensor& tensor : model.layout().hfTensors()) {
      const TensorView& view = weights.tensor(tensor.name);
      values.resize(static_cast<size_t>(tensor.size));
      widen(view.type, view.bytes, values);
      Z2_TRY_VOID(model.writeTensor(tensor, values));
    }
    return model;
  }
};

void expectNear(double actual, double expected, const std::string& what) {
  EXPECT_NEAR(actual, expected, kTolerance * std::max(1.0, std::abs(expected))) << what;
}

TEST_P(HfOracle, LossAndGradientsEqualTransformers) {
  const Json expected = oracle();
  const auto rows = expected["rows"].get<std::vector<std::vector<int32_t>>>();
  auto model = load({.columns = 48, .hasOptimizer = false});
  ASSERT_TRUE(model) << model.error().text();
  const auto check = checkModel(*model, rows);
  ASSERT_TRUE(check) << check.error().text();

  expectNear(check->loss, expected["loss"].get<double>(), "loss");
  expectNear(check->gradNorm, expected["grad_norm"].get<double>(), "grad_norm");
  ASSERT_EQ(check->gradNorms.size(), expected["grad_norms"].size());
  for (const auto& [name, norm] : check->gradNorms) {
    ASSERT_TRUE(expected["grad_norms"].contains(name)) << name;
    expectNear(norm, expected["grad_norms"][name].get<double>(), name);
  }
  const auto logits = expected["logits_last"].get<std::vector<std::vector<float>>>();
  ASSERT_EQ(check->lastLogits.size(), logits.size());
  for (size_t row = 0; row < logits.size(); ++row)
    for (size_t id = 0; id < logits[row].size(); ++id)
      expectNear(check->lastLogits[row][id], logits[row][id],
                 "logit " + std::to_string(id) + " of row " + std::to_string(row));
}

TEST_P(HfOracle, GreedyContinuationsEqualTransformers) {
  auto model = load({.isTrained = false, .hasOptimizer = false});
  ASSERT_TRUE(model) << model.error().text();
  auto generator = Generator::create(*model, 32);
  ASSERT_TRUE(generator) << generator.error().text();
  const Json known = oracle();
  for (const Json& expected : known["greedy"]) {
    GenerateRequest request;
    request.prompt = expected["prompt"].get<std::vector<int32_t>>();
    request.maxNewTokens = 20;
    request.stopIds = {2};
    std::vector<int32_t> ids;
    const auto end = generator->run(request, [&](int32_t id) {
      ids.push_back(id);
      return true;
    });
    ASSERT_TRUE(end) << end.error().text();
    EXPECT_EQ(ids, expected["ids"].get<std::vector<int32_t>>());
  }
}

INSTANTIATE_TEST_SUITE_P(Models, HfOracle,
                         ::testing::Values("llama_gqa", "llama_tied_biases", "qwen2",
                                           "llama_linear", "llama_dynamic"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace z2
