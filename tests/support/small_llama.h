#pragma once

// Small models and batches for tests of whoever works with a model, with fixed seeds.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/model/llama.h"
#include "kernels/cpu_ops.h"
#include "tests/support/autograd_llama.h"

namespace z2 {

inline LlamaConfig smallConfig() {
  LlamaConfig config;
  config.vocabSize = 53;
  config.hiddenSize = 32;
  config.intermediateSize = 40;
  config.numHiddenLayers = 2;
  config.numAttentionHeads = 4;
  config.numKeyValueHeads = 2;
  config.headDim = 8;
  config.maxPositionEmbeddings = 32;
  config.tieWordEmbeddings = false;
  config.initializerRange = 0.2;
  return config;
}

inline Batch randomBatch(const LlamaConfig& config, int64_t rows, int64_t columns, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int32_t> token(0, static_cast<int32_t>(config.vocabSize) - 1);
  Batch batch;
  batch.rows = rows;
  batch.columns = columns;
  for (int64_t i = 0; i < rows * columns; ++i) {
    batch.tokens.push_back(token(random));
    batch.targets.push_back(i % 5 == 3 ? -1 : token(random));
    batch.positions.push_back(static_cast<int32_t>(i % columns));
    batch.validTokens += batch.targets.back() >= 0 ? 1 : 0;
  }
  return batch;
}

inline Llama makeLlama(const LlamaConfig& config, const LlamaOptions& options,
                       const Z2Ops& ops = cpuOps(1)) {
  Result<Llama> model = Llama::create(config, options, ops);
  EXPECT_TRUE(model) << model.error().text();
  EXPECT_TRUE(model->initialise(7));
  return std::move(*model);
}

// Norms and biases away from 1 and 0, so that their places in the formulas matter.
inline void disturbVectors(Llama& model) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> shift(-0.3f, 0.3f);
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    if (tensor.shape.size() != 1) continue;
    std::vector<float> values(static_cast<size_t>(tensor.size));
    ASSERT_TRUE(model.readTensor(tensor, values));
    for (float& value : values) value += shift(random);
    ASSERT_TRUE(model.writeTensor(tensor, values));
  }
}

inline TensorValues weightsOf(const Llama& model) {
  TensorValues all;
  for (const HfTensor& tensor : model.layout().hfTensors()) {
    std::vector<float>& values = all[tensor.name];
    values.resize(static_cast<size_t>(tensor.size));
    EXPECT_TRUE(model.readTensor(tensor, values));
  }
  return all;
}

inline std::vector<float> gradientOf(const Llama& model, const HfTensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.size));
  EXPECT_TRUE(model.readGradient(tensor, values));
  return values;
}

// Of the whole flat buffer, padding included.
inline std::vector<float> allGradients(const Llama& model) {
  const FlatBuffers& buffers = model.buffers();
  std::vector<float> values(static_cast<size_t>(buffers.size));
  EXPECT_EQ(model.ops().copyToHost(model.ops().context, values.data(), buffers.gradients,
                                   values.size() * sizeof(float)),
            Z2_OK);
  return values;
}

// |a - b| / |b|, in the 2-norm.
template <typename A, typename B>
double relativeError(const std::vector<A>& a, const std::vector<B>& b) {
  EXPECT_EQ(a.size(), b.size());
  double difference = 0;
  double size = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    size += std::pow(static_cast<double>(b[i]), 2);
  }
  return std::sqrt(difference) / std::max(std::sqrt(size), 1e-300);
}

}  // namespace z2
