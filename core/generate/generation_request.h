#pragma once

// One text to be generated: what a person chooses, and the request as the engine reads it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/generate/engine_client.h"
#include "core/generate/sampler.h"
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct GenerationOptions {
  EngineOptions engine;
  std::string tokenizer;  // empty: the model's own
  int64_t maxNewTokens = 128;
  SamplingOptions sampling;
};

// The ids of a prompt. An empty one is the beginning of a document: what stands before one is the
// end of another.
[[nodiscard]] Result<std::vector<int32_t>> encodePrompt(const Tokenizer& tokenizer,
                                                        const std::string& text, bool addsBos);

// The request of one answer.
[[nodiscard]] Json makeRequest(const GenerationOptions& options, std::span<const int32_t> prompt,
                               std::span<const int64_t> stopIds);

}  // namespace z2
