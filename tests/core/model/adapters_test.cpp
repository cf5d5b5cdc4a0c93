// Low-rank adapters: gradients against autograd of the merged weights, memory, dropout, bits.

#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "core/model/initialise.h"
#include "tests/support/small_llama.h"

namespace z2 {
namespace {

struct Variant {
  const char* name;
  LoraConfig lora;
  void (*change)(LlamaConfig&);
};

LoraConfig everywhere(int64_t rank) {
  LoraConfig lora;
  lora.rank = rank;
  lora.alpha = 10;
  lora.targets.assign(std::begin(kAllLoraTargets), std::end(kAllLoraTargets));
  return lora;
}

// The values of an adapter's tensor, or of its gradient.
std::vector<float> adapterValues(const Llama& model, const float* flat,
                                 const AdapterTensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.size));
  EXPECT_EQ(model.ops().copyToHost(model.ops().context, values.data(), flat + tensor.offset,
                                   values.size() * sizeof(float)),
            Z2_OK);
  return values;
}

// A model whose adapters do something: B is not zero.
Llama makeAdapted(const LlamaConfig& config, LlamaOptions options, const LoraConfig& lora) {
  options.lora = lora;
  Llama model = makeLlama(config, options);
  EXPECT_TRUE(model.initialiseAdapters(3));
  for (const AdapterTensor& tensor : model.adapterLayout().tensors()) {
    if (tensor.isA) continue;
    std::vector<float> values(static_cast<size_t>(tensor.size));
    fillNormal(values, 0, 0.2f, 5, tensor.name);
    EXPECT_TRUE(model.writeAdapter(tensor, values));
  }
  EXPECT_TRUE(model.refreshWeights());
  return model;
}

// Pairs A, B of each target.
template <typename Visit>
void eachPair(const Llama& model, Visit visit) {
  const std::vector<AdapterTensor>& tensors = model.adapterLayout().tensors();
  for (size_t i = 0; i + 1 < tensors.size(); i += 2) visit(tensors[i], tensors[i + 1]);
}

// W + s B A by Hugging Face's names.
TensorValues mergedWeights(const Llama& model) {
  TensorValues weights = weightsOf(model);
  const float scale = model.adapterLayout().lora().scale();
  eachPair(model, [&](const AdapterTensor& a, const AdapterTensor& b) {
    const std::vector<float> aValues = adapterValues(model, model.adapters().master, a);
    const std::vector<float> bValues = adapterValues(model, model.adapters().master, b);
    std::vector<float>& w = weights.at(a.target);
    const auto rank = static_cast<size_t>(a.shape[0]);
    const auto columns = static_cast<size_t>(a.shape[1]);
    for (size_t i = 0; i < w.size(); ++i) {
      double sum = 0;
      for (size_t k = 0; k < rank; ++k)
        sum += static_cast<double>(bValues[i / columns * rank + k]) *
               static_cast<double>(aValues[k * columns + i % columns]);
      w[i] += static_cast<float>(static_cast<double>(scale) * sum);
    }
  });
  return weights;
}

// By the chain rule from the gradient of the merged weight: dA = s B^T dW, dB = s dW A^T.
void expectChainRule(const Llama& model, const AutogradResult& oracle) {
  const double scale = model.adapterLayout().lora().scale();
  eachPair(model, [&](const AdapterTensor& a, const AdapterTensor& b) {
    const std::vector<float> aValues = adapterValues(model, model.adapters().master, a);
    const std::vector<float> bValues = adapterValues(model, model.adapters().master, b);
    const std::vector<double>& dW = oracle.grads.at(a.target);
    const auto rank = static_cast<size_t>(a.shape[0]);
    const auto columns = static_cast<size_t>(a.shape[1]);
    std::vector<double> dA(aValues.size());
    std::vector<double> dB(bValues.size());
    for (size_t i = 0; i < dW.size(); ++i) {
      for (size_t k = 0; k < rank; ++k) {
        dA[k * columns + i % columns] +=
            scale * static_cast<double>(bValues[i / columns * rank + k]) * dW[i];
        dB[i / columns * rank + k] +=
            scale * static_cast<double>(aValues[k * columns + i % columns]) * dW[i];
      }
    }
    const float* const gradients = model.adapters().gradients;
    EXPECT_LT(relativeError(adapterValues(model, gradients, a), dA), 2e-5) << a.name;
    EXPECT_LT(relativeError(adapterValues(model, gradients, b), dB), 2e-5) << b.name;
  });
}

class AdapterGradients : public testing::TestWithParam<Variant> {};

TEST_P(AdapterGradients, EqualAutograds) {
  LlamaConfig config = smallConfig();
  GetParam().change(config);
  const Batch batch = randomBatch(config, 2, 11, 3);
  Llama model = makeAdapted(config, {.rows = 2, .columns = 11, .headRows = 7}, GetParam().lora);
  disturbVectors(model);
  const TensorValues before = weightsOf(model);
  const float scale = 1.0f / static_cast<float>(batch.validTokens);
  // Twice: gradients are added.
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(model.forwardBackward(batch, {.gradScale = scale / 2}));
  const double loss = *model.takeLossSum() / 2;
  const AutogradResult oracle = autogradLlama(config, mergedWeights(model), batch, scale);
  EXPECT_NEAR(loss / oracle.lossSum, 1.0, 2e-6);
  EXPECT_NEAR(*model.evaluate(batch) / oracle.lossSum, 1.0, 2e-6);
  expectChainRule(model, oracle);
  EXPECT_EQ(model.buffers().gradients, nullptr);
  EXPECT_EQ(weightsOf(model), before);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, AdapterGradients,
    testing::Values(
        Variant{"everywhere", everywhere(4), [](LlamaConfig&) {}},
        Variant{"oddRank", everywhere(3), [](LlamaConfig& c) { c.tieWordEmbeddings = true; }},
        Variant{"wideRank", everywhere(20), [](LlamaConfig& c) { c.residualFp32 = true; }},
        Variant{"queriesAndValues",
                {.rank = 2, .alpha = 8, .targets = {LoraTarget::kQ, LoraTarget::kV}},
                [](LlamaConfig& c) { c.hasQkvBias = c.hasOutputBias = true; }},
        Variant{"keysAndUp",
                {.rank = 2,
                 .alpha = 4,
                 .isRankStabilised = true,
                 .targets = {LoraTarget::kK, LoraTarget::kUp}},
                [](LlamaConfig& c) { c.fused = {false, false, false, false, false, false}; }},
        Variant{"outputAndDown",
                {.rank = 1, .alpha = 2, .targets = {LoraTarget::kO, LoraTarget::kDown}},
                [](LlamaConfig& c) { c.headDim = 12; }}),
    [](const auto& variant) { return variant.param.name; });

TEST(Adapters, OfALossOfLogProbabilitiesEqualAutograds) {
  const LlamaConfig config = smallConfig();
  const Batch batch = randomBatch(config, 2, 9, 4);
  Llama model = makeAdapted(config, {.rows = 2, .columns = 9}, everywhere(4));
  const auto weigh = [](std::span<const float>, std::span<float> weights) {
    for (float& weight : weights) weight = -0.25f;
    return Result<void>();
  };
  ASSERT_TRUE(model.forwardBackward(batch, {}, weigh));
  expectChainRule(model, autogradLlama(config, mergedWeights(model), batch, -0.25));
}

TEST(Adapters, BeginAsTheModelWithoutThem) {
  const LlamaConfig config = smallConfig();
  const Batch batch = randomBatch(config, 2, 9, 4);
  Llama plain = makeLlama(config, {.rows = 2, .columns = 9});
  Llama model = makeLlama(config, {.rows = 2, .columns = 9, .lora = everywhere(8)});
  ASSERT_TRUE(model.initialiseAdapters(1));
  EXPECT_EQ(*model.evaluate(batch), *plain.evaluate(batch));
}

TEST(Adapters, ThatAreFrozenInBf16HaveNoMasters) {
  const LlamaConfig config = smallConfig();
  const LlamaOptions options = {.rows = 2, .columns = 16, .type = DType::kBF16};
  Llama full = makeLlama(config, options);
  Llama model = makeAdapted(config, options, everywhere(4));
  EXPECT_EQ(model.buffers().master, nullptr);
  EXPECT_EQ(model.buffers().gradients, nullptr);
  EXPECT_EQ(model.buffers().m, nullptr);
  // fp32 masters, gradients and two moments are not there: 16 of 18 bytes a parameter.
  const auto fixedBytes = [](const Llama& of) {
    return of.memory().bytesOf(MemoryPart::kWeights) + of.memory().bytesOf(MemoryPart::kGradients) +
           of.memory().bytesOf(MemoryPart::kOptimizer);
  };
  const int64_t adapters = model.adapterLayout().size();
  EXPECT_LT(fixedBytes(model), 2 * model.layout().size() + 40 * adapters + 4096);
  EXPECT_GE(fixedBytes(full), 18 * full.layout().size());
  // What is read is what was written, rounded.
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    std::vector<float> exact(static_cast<size_t>(tensor.size));
    std::vector<float> rounded(exact.size());
    ASSERT_TRUE(full.readTensor(tensor, exact));
    ASSERT_TRUE(model.readTensor(tensor, rounded));
    EXPECT_LE(relativeError(rounded, exact), 0x1p-8) << tensor.name;
    EXPECT_GT(std::accumulate(rounded.begin(), rounded.end(), 0.0,
                              [](double sum, float value) { return sum + std::abs(value); }),
              0.0)
        << tensor.name;
  }
  const Batch batch = randomBatch(config, 2, 16, 2);
  Llama exact = makeAdapted(config, {.rows = 2, .columns = 16}, everywhere(4));
  ASSERT_TRUE(model.forwardBackward(batch, {}));
  ASSERT_TRUE(exact.forwardBackward(batch, {}));
  EXPECT_NEAR(*model.takeLossSum() / *exact.takeLossSum(), 1.0, 2e-2);
}

TEST(Adapters, TakeTheMemoryThatWasPlannedAndLess) {
  const LlamaConfig config = smallConfig();
  LlamaOptions options = {.rows = 4, .columns = 16, .type = DType::kBF16};
  const Result<MemoryPlan> full = planMemory(config, options, &cpuOps(1));
  options.lora = everywhere(2);
  options.lora.dropout = 0.1;
  const Result<MemoryPlan> plan = planMemory(config, options, &cpuOps(1));
  ASSERT_TRUE(full && plan);
  EXPECT_LT(plan->totalBytes(), full->totalBytes());
  Result<Llama> model = Llama::create(config, options, cpuOps(1));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->memory().totalBytes(), plan->totalBytes());
}

// Backward must draw forward's masks again: the slope along the gradient is the gradient's length.
TEST(Adapters, GradientsWithDropoutAreThoseOfTheLossWithTheSameMasks) {
  LlamaConfig config = smallConfig();
  LoraConfig lora = everywhere(4);
  lora.dropout = 0.3;
  const Batch batch = randomBatch(config, 2, 12, 6);
  const MicroStep step = {.gradScale = 1.0f, .number = 3};
  Llama model = makeAdapted(config, {.rows = 2, .columns = 12, .dropoutSeed = 77}, lora);
  ASSERT_TRUE(model.forwardBackward(batch, step));
  const double plain = *model.takeLossSum();
  EXPECT_NE(plain, *model.evaluate(batch));
  const FlatBuffers& flat = model.adapters();
  const std::vector<float> gradient(flat.gradients, flat.gradients + flat.size);
  const double norm =
      std::sqrt(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));
  const std::vector<float> start(flat.master, flat.master + flat.size);
  const auto lossAt = [&](double distance) {
    for (size_t i = 0; i < start.size(); ++i)
      flat.master[i] =
          start[i] + static_cast<float>(distance / norm * static_cast<double>(gradient[i]));
    EXPECT_TRUE(model.forwardBackward(batch, step));
    return *model.takeLossSum();
  };
  const double reach = 1e-2;
  EXPECT_NEAR((lossAt(reach) - lossAt(-reach)) / (2 * reach) / norm, 1.0, 4e-3);
}

TEST(Adapters, LayersComputedAgainGiveTheSameBits) {
  LoraConfig lora = everywhere(3);
  lora.dropout = 0.2;
  const Batch batch = randomBatch(smallConfig(), 2, 12, 6);
  std::vector<std::vector<float>> gradients;
  for (const Recompute recompute : {Recompute::kNorms, Recompute::kBlocks}) {
    Llama model =
        makeAdapted(smallConfig(), {.rows = 2, .columns = 12, .recompute = recompute}, lora);
    ASSERT_TRUE(model.forwardBackward(batch, {.number = 4}));
    const float* const first = model.adapters().gradients;
    gradients.emplace_back(first, first + model.adapters().size);
  }
  EXPECT_EQ(gradients[0], gradients[1]);
}

TEST(Adapters, AreNamedAsPeftNamesThem) {
  const LlamaConfig config = smallConfig();
  const AdapterLayout layout(config, everywhere(4));
  ASSERT_EQ(layout.tensors().size(), 2u * 7u * 2u);
  EXPECT_EQ(layout.tensors()[0].name,
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
  EXPECT_EQ(layout.tensors()[0].shape, (std::vector<int64_t>{4, 32}));
  EXPECT_EQ(layout.tensors()[3].name,
            "base_model.model.model.layers.0.self_attn.k_proj.lora_B.weight");
  EXPECT_EQ(layout.tensors()[3].shape, (std::vector<int64_t>{16, 4}));
  EXPECT_EQ(layout.tensors()[9].target, "model.layers.0.mlp.gate_proj.weight");
  // No two share an element, and all lie in the buffer.
  std::set<int64_t> taken;
  for (const AdapterTensor& tensor : layout.tensors()) {
    EXPECT_LE(tensor.offset + tensor.size, layout.size());
    for (int64_t i = 0; i < tensor.size; ++i)
      EXPECT_TRUE(taken.insert(tensor.offset + i).second) << tensor.name;
  }
  EXPECT_EQ(static_cast<int64_t>(taken.size()), layout.parameterCount());
}

}  // namespace
}  // namespace z2
