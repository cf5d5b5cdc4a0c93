#pragma once

// Answers prompts one after the other with one model and one key/value cache.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/generate/sampler.h"
#include "core/model/llama_inference.h"

namespace z2 {

struct GenerateRequest {
  std::vector<int32_t> prompt;  // not empty
  int64_t maxNewTokens = 0;
  std::vector<int32_t> stopIds;  // each ends the answer, as its last token
  SamplingOptions sampling;
};

enum class FinishReason {
  kStop,         // a stop token came
  kLength,       // maxNewTokens
  kContext,      // the cache is full
  kInterrupted,  // the caller said so
};
[[nodiscard]] std::string_view nameOf(FinishReason reason);  // "stop", "length", …

// One thread at a time.
class Generator {
 public:
  // Reads the weights of `model`, which must outlive it. `capacity`: positions of prompt and
  // answer.
  [[nodiscard]] static Result<Generator> create(const Llama& model, int64_t capacity);

  // Calls onToken with each new token; it returns whether to go on. What the prompt shares with the
  // tokens of the calls before is not computed again.
  [[nodiscard]] Result<FinishReason> run(const GenerateRequest& request,
                                         const std::function<bool(int32_t)>& onToken);

  [[nodiscard]] int64_t capacity() const { return inference_.capacity(); }

 private:
  Generator(LlamaInference inference, int64_t vocabSize)
      : inference_(std::move(inference)), vocabSize_(vocabSize) {}
  [[nodiscard]] Result<void> check(const GenerateRequest& request) const;
  [[nodiscard]] Result<std::vector<float>> readPrompt(const std::vector<int32_t>& prompt);

  LlamaInference inference_;
  int64_t vocabSize_;
  std::vector<int32_t> cached_;  // the tokens that the cache holds
};

}  // namespace z2
