#include "core/data/conversations/sample_encoder.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace z2 {

namespace {

bool trainsAnything(const std::vector<uint8_t>& mask, size_t from) {
  return mask.size() > from && std::find(mask.begin() + static_cast<ptrdiff_t>(from), mask.end(),
                                         uint8_t{1}) != mask.end();
}

ChatTokens partOf(const ChatTokens& tokens, ptrdiff_t from, ptrdiff_t to) {
  return {{tokens.ids.begin() + from, tokens.ids.begin() + to},
          {tokens.mask.begin() + from, tokens.mask.begin() + to}};
}

}  // namespace

size_t EncodedSample::size() const {
  return std::max(chosen.size(), rejected ? rejected->size() : 0);
}

SampleEncoder::SampleEncoder(const ChatBuildOptions& options,
                             std::shared_ptr<const Tokenizer> tokenizer, ChatEncoder encoder,
                             ChatTemplate chatTemplate)
    : tokenizer_(std::move(tokenizer)),
      encoder_(std::move(encoder)),
      template_(std::move(chatTemplate)),
      task_(options.task),
      trainOn_(options.trainOn),
      limit_(static_cast<size_t>(options.maxLength)),
      truncation_(options.truncation),
      endOfText_(options.endOfText ? *options.endOfText : tokenizer_->endOfTextId().value_or(-1)),
      now_(options.now),
      reliedOn_(options.chatTemplate.specialTokens) {}

Result<SampleEncoder> SampleEncoder::create(const ChatBuildOptions& options,
                                            std::shared_ptr<const Tokenizer> tokenizer) {
  if (options.maxLength < 0 || options.maxLength == 1)
    return usageError("a sample has at least two tokens", "Give --max-length 2 or more");
  const TemplateSource& source = options.chatTemplate;
  ChatEncoder encoder(tokenizer, options.endOfText);
  Z2_TRY(ChatTemplate chatTemplate,
         ChatTemplate::create(source.source, source.name, encoder.tokens()));
  return SampleEncoder(options, std::move(tokenizer), std::move(encoder), std::move(chatTemplate));
}

Read<ChatTokens> SampleEncoder::tokensOf(const Conversation& conversation,
                                         const ChatRenderOptions& how,
                                         EncodeScratch& scratch) const {
  const auto pieces = template_.render(conversation, how);
  if (!pieces) return sampleProblem("template", pieces.error().text());
  ChatTokens tokens;
  if (const auto encoded = encoder_.encode(*pieces, scratch, tokens); !encoded)
    return sampleProblem("not encodable", encoded.error().text());
  if (endOfText_ >= 0 && (tokens.ids.empty() || tokens.ids.back() != endOfText_)) {
    tokens.ids.push_back(endOfText_);
    tokens.mask.push_back(0);
  }
  return tokens;
}

Read<EncodedAnswer> SampleEncoder::answerOf(const Conversation& prompt,
                                            const std::vector<ChatMessage>& answer,
                                            EncodeScratch& scratch) const {
  Conversation whole = prompt;
  whole.messages.insert(whole.messages.end(), answer.begin(), answer.end());
  Z2_TRY(const ChatTokens tokens,
         tokensOf(whole, {.firstTrained = prompt.messages.size(), .now = now_}, scratch));
  // The answer begins with what is trained first.
  const auto first = std::find(tokens.mask.begin(), tokens.mask.end(), uint8_t{1});
  const ptrdiff_t at = first - tokens.mask.begin();
  return EncodedAnswer{partOf(tokens, 0, at), partOf(tokens, at, std::ssize(tokens.ids))};
}

Read<EncodedSample> SampleEncoder::encode(const ChatSample& sample, EncodeScratch& scratch) const {
  EncodedSample made;
  if (task_ == SampleTask::kSft) {
    Z2_TRY(made.chosen.completion,
           tokensOf(sample.conversation, {.trainOn = trainOn_, .now = now_}, scratch));
    return made;
  }
  Z2_TRY(made.chosen, answerOf(sample.conversation, sample.chosen, scratch));
  Z2_TRY(made.rejected, answerOf(sample.conversation, sample.rejected, scratch));
  const bool areTrained =
      !made.chosen.completion.ids.empty() && !made.rejected->completion.ids.empty();
  if (areTrained && made.chosen.prompt.ids != made.rejected->prompt.ids)
    return sampleProblem("template", "the prompt is another before each of the two answers");
  return made;
}

uint64_t SampleEncoder::cutTo(ChatTokens& tokens, size_t count) const {
  if (tokens.ids.size() <= count) return 0;
  const uint64_t gone = tokens.ids.size() - count;
  tokens.ids.resize(count);
  tokens.mask.resize(count);
  if (endOfText_ < 0 || count == 0) return gone;
  tokens.ids.back() = endOfText_;
  tokens.mask.back() = 0;
  return gone;
}

SampleCut SampleEncoder::cut(EncodedSample& sample) const {
  SampleCut cut;
  if (limit_ == 0 || sample.size() <= limit_) return cut;
  cut.isCut = true;
  if (!sample.rejected) {
    cut.tokens = cutTo(sample.chosen.completion, limit_);
    return cut;
  }
  EncodedAnswer* const both[] = {&sample.chosen, &*sample.rejected};
  const size_t prompt = sample.chosen.prompt.ids.size();
  if (truncation_ == ChatBuildOptions::Truncation::kKeepEnd) {
    cut.promptStart = std::min(sample.size() - limit_, prompt > 0 ? prompt - 1 : 0);
    for (EncodedAnswer* one : both) {
      ChatTokens& kept = one->prompt;
      const auto from = static_cast<ptrdiff_t>(std::min(cut.promptStart, kept.ids.size()));
      kept = partOf(kept, from, std::ssize(kept.ids));
    }
    cut.tokens += cut.promptStart;
  }
  const size_t room = limit_ - std::min(limit_, prompt - cut.promptStart);
  for (EncodedAnswer* one : both) cut.tokens += cutTo(one->completion, room);
  return cut;
}

const char* SampleEncoder::whyUntrained(const EncodedSample& sample, bool isCut) {
  if (!sample.rejected) {
    // The first token is never a target.
    if (trainsAnything(sample.chosen.completion.mask, 1)) return nullptr;
    return isCut ? "what is trained lies behind --max-length"
                 : "the template marks nothing as trained";
  }
  const auto trains = [](const EncodedAnswer& one) {
    return trainsAnything(one.completion.mask, one.prompt.ids.empty() ? 1 : 0);
  };
  if (trains(sample.chosen) && trains(*sample.rejected)) return nullptr;
  return isCut ? "an answer lies behind --max-length"
               : "the template marks nothing of an answer as trained";
}

std::vector<std::string> SampleEncoder::notices() const {
  std::vector<std::string> missing;
  for (const std::string& token : reliedOn_)
    if (!encoder_.isSpecial(token)) missing.push_back(token);
  if (!missing.empty())
    return {
        fmt::format("The tokenizer has no token {}: the template {} writes them as "
                    "ordinary text.",
                    fmt::join(missing, ", "), template_.name())};
  if (!endsTurns())
    return {
        fmt::format("The template {} ends an answer with no special token: a model "
                    "does not learn from it where to stop.",
                    template_.name())};
  return {};
}

bool SampleEncoder::endsTurns() const {
  Conversation probe;
  probe.messages = {{.role = "user", .content = "x"}, {.role = "assistant", .content = "y"}};
  const auto pieces = template_.render(probe, {.now = now_});
  if (!pieces) return true;  // it wants another kind of conversation
  std::string trained;
  for (const ChatPiece& piece : *pieces)
    if (piece.isTrained) trained += piece.text;
  trained.resize(trained.find_last_not_of(" \n") + 1);
  const std::vector<std::string>& special = encoder_.tokens().special;
  return trained.empty() ||
         std::any_of(special.begin(), special.end(),
                     [&](const std::string& token) { return trained.ends_with(token); });
}

}  // namespace z2
