#pragma once

// Options that generate and chat share.

#include <cstdint>
#include <span>
#include <string>

#include "app/cli/command.h"
#include "app/cli/engine_client.h"
#include "core/generate/sampler.h"

namespace z2::cli {

struct GenerationOptions {
  EngineOptions engine;
  std::string tokenizer;
  int64_t maxNewTokens = 128;
  SamplingOptions sampling;
};

void addGenerationOptions(CLI::App& command, GenerationOptions& options);

// The request of one answer, as the engine reads it.
[[nodiscard]] Json makeRequest(const GenerationOptions& options, std::span<const int32_t> prompt,
                               std::span<const int64_t> stopIds);

}  // namespace z2::cli
