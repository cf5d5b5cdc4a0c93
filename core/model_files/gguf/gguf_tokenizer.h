#pragma once

// A tokenizer as llama.cpp reads it from a GGUF file ("tokenizer.ggml.…").
//
//   byte-level BPE          model "gpt2": merges, and the name of the pre-tokenizer's pattern
//   sentencepiece BPE       model "llama": scores; also a tokenizer.json of Llama 2's kind
//   sentencepiece unigram   model "t5": scores and the normalizer's table

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model_files/gguf/gguf_file.h"
#include "core/model_files/hf_config.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// Adds the tokenizer's metadata. The vocabulary is filled up to the model's with unused tokens; the
// special ids are the config's, else the tokenizer's. Returns what llama.cpp does otherwise than
// the tokenizer, a sentence each. kBadInput for a tokenizer that llama.cpp could not follow: the
// ids would differ.
[[nodiscard]] Result<std::vector<std::string>> addGgufTokenizer(const Tokenizer& tokenizer,
                                                                const HfConfig& config,
                                                                GgufMetadata& metadata);

}  // namespace z2
