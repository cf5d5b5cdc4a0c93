#pragma once

#include <cstdint>

#include "core/model_files/hf_config.h"

namespace z2 {

// A shape whose rows are whole blocks of Q8_0.
inline HfConfig smallGgufConfig(int64_t layers) {
  HfConfig config;
  config.model.vocabSize = 40;
  config.model.hiddenSize = 64;
  config.model.intermediateSize = 96;
  config.model.numHiddenLayers = layers;
  config.model.numAttentionHeads = 4;
  config.model.numKeyValueHeads = 2;
  config.model.headDim = 16;
  config.model.maxPositionEmbeddings = 32;
  config.model.tieWordEmbeddings = false;
  return config;
}

}  // namespace z2
