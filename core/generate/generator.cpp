#include "core/generate/generator.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace z2 {

std::string_view nameOf(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContext:
      return "context";
    case FinishReason::kInterrupted:
      return "interrupted";
  }
  return "";
}

Result<Generator> Generator::create(const Llama& model, int64_t capacity) {
  Z2_TRY(LlamaInference inference, LlamaInference::create(model, {.capacity = capacity}));
  return Generator(std::move(inference), model.config().vocabSize);
}

Result<void> Generator::check(const GenerateRequest& request) const {
  Z2_TRY_VOID(validate(request.sampling));
  if (request.prompt.empty())
    return badInput("prompt", "there is no token to begin with", "Give a text");
  for (const int32_t id : request.prompt)
    if (id < 0 || id >= vocabSize_)
      return badInput(
          "prompt",
          fmt::format("token {} is outside of the model's vocabulary of {}", id, vocabSize_),
          "Use the tokenizer that the model was trained with");
  if (static_cast<int64_t>(request.prompt.size()) > capacity())
    return badInput("prompt",
                    fmt::format("the prompt has {} tokens; the model holds {}",
                                request.prompt.size(), capacity()),
                    "Shorten the prompt");
  return {};
}

Result<std::vector<float>> Generator::readPrompt(const std::vector<int32_t>& prompt) {
  const auto shared = std::ranges::mismatch(cached_, prompt).in1 - cached_.begin();
  // The last token is always read again: its logits are what the answer begins with.
  const auto kept = std::min<std::ptrdiff_t>(shared, std::ssize(prompt) - 1);
  inference_.truncate(0, kept);
  cached_.resize(static_cast<size_t>(kept));
  Z2_TRY(std::vector<float> logits,
         inference_.prefill(0, std::span(prompt).subspan(cached_.size())));
  cached_ = prompt;
  return logits;
}

Result<FinishReason> Generator::run(const GenerateRequest& request,
                                    const std::function<bool(int32_t)>& onToken) {
  Z2_TRY_VOID(check(request));
  if (request.maxNewTokens <= 0) return FinishReason::kLength;
  Z2_TRY(std::vector<float> logits, readPrompt(request.prompt));
  Sampler sampler(request.sampling);
  std::vector<int32_t> context = request.prompt;
  for (int64_t step = 0;; ++step) {
    Z2_TRY(const int32_t id, sampler.next(logits, context, static_cast<uint64_t>(step)));
    context.push_back(id);
    const bool goesOn = onToken(id);
    if (std::ranges::find(request.stopIds, id) != request.stopIds.end()) return FinishReason::kStop;
    if (!goesOn) return FinishReason::kInterrupted;
    if (step + 1 == request.maxNewTokens) return FinishReason::kLength;
    if (inference_.length(0) == capacity()) return FinishReason::kContext;
    Z2_TRY(logits, inference_.decode(std::array{id}));
    cached_.push_back(id);
  }
}

}  // namespace z2
