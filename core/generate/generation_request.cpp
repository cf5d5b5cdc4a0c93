#include "core/generate/generation_request.h"

namespace z2 {

Result<std::vector<int32_t>> encodePrompt(const Tokenizer& tokenizer, const std::string& text,
                                          bool addsBos) {
  std::vector<int32_t> ids;
  EncodeScratch scratch;
  Z2_TRY_VOID(tokenizer.encode(text, {.addBos = addsBos}, scratch, ids));
  if (ids.empty() && tokenizer.endOfTextId()) ids.push_back(*tokenizer.endOfTextId());
  return ids;
}

Json makeRequest(const GenerationOptions& options, std::span<const int32_t> prompt,
                 std::span<const int64_t> stopIds) {
  return {{"prompt", std::vector<int32_t>(prompt.begin(), prompt.end())},
          {"max_new_tokens", options.maxNewTokens},
          {"stop", std::vector<int64_t>(stopIds.begin(), stopIds.end())},
          {"temperature", options.sampling.temperature},
          {"top_k", options.sampling.topK},
          {"top_p", options.sampling.topP},
          {"min_p", options.sampling.minP},
          {"repetition_penalty", options.sampling.repetitionPenalty},
          {"frequency_penalty", options.sampling.frequencyPenalty},
          {"presence_penalty", options.sampling.presencePenalty},
          {"seed", options.sampling.seed}};
}

}  // namespace z2
