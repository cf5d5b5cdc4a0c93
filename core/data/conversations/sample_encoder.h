#pragma once

// From a conversation, or a pair of answers, to tokens with their loss mask.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/chat/chat_encoder.h"
#include "core/chat/chat_template.h"
#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/message_reader.h"
#include "core/data/conversations/sample_reader.h"

namespace z2 {

struct EncodedAnswer {
  ChatTokens prompt;      // of a pair: up to what is trained first, with a mask of 0
  ChatTokens completion;  // of other samples: all of it
  [[nodiscard]] size_t size() const { return prompt.ids.size() + completion.ids.size(); }
};

struct EncodedSample {
  EncodedAnswer chosen;  // of a sample that is no pair: the only one
  std::optional<EncodedAnswer> rejected;
  // Of its longer sequence.
  [[nodiscard]] size_t size() const;
};

struct SampleCut {
  bool isCut = false;
  uint64_t tokens = 0;     // that went, in all sequences
  size_t promptStart = 0;  // of these, from the start of the prompt
};

// Immutable and thread-safe; each thread has its own scratch.
class SampleEncoder {
 public:
  // Of the options what decides the tokens: task, template, trainOn, maxLength, truncation,
  // endOfText, now. kUsage for a maxLength of 1.
  [[nodiscard]] static Result<SampleEncoder> create(const ChatBuildOptions& options,
                                                    std::shared_ptr<const Tokenizer> tokenizer);

  // Every sequence ends with the end-of-text token. Nothing is cut; a pair of which an answer
  // trains nothing has all of it in the prompt. Problems: "template", "not encodable".
  [[nodiscard]] Read<EncodedSample> encode(const ChatSample& sample, EncodeScratch& scratch) const;
  // Cuts to maxLength; what is left ends with the end-of-text token.
  [[nodiscard]] SampleCut cut(EncodedSample& sample) const;
  // Why the sample, or one of a pair's answers, trains nothing; nullptr: it does.
  [[nodiscard]] static const char* whyUntrained(const EncodedSample& sample, bool isCut);

  [[nodiscard]] const Tokenizer& tokenizer() const { return *tokenizer_; }
  [[nodiscard]] int32_t endOfText() const { return endOfText_; }  // -1: none
  // What the user should know of template and tokenizer together, as sentences: special tokens that
  // the one relies on and the other has not; answers that end with none, so that a model does not
  // learn to stop.
  [[nodiscard]] std::vector<std::string> notices() const;

 private:
  SampleEncoder(const ChatBuildOptions& options, std::shared_ptr<const Tokenizer> tokenizer,
                ChatEncoder encoder, ChatTemplate chatTemplate);
  [[nodiscard]] Read<ChatTokens> tokensOf(const Conversation& conversation,
                                          const ChatRenderOptions& how,
                                          EncodeScratch& scratch) const;
  [[nodiscard]] Read<EncodedAnswer> answerOf(const Conversation& prompt,
                                             const std::vector<ChatMessage>& answer,
                                             EncodeScratch& scratch) const;
  // Keeps `count` tokens, the last of them the end-of-text token; how many went.
  uint64_t cutTo(ChatTokens& tokens, size_t count) const;
  [[nodiscard]] bool endsTurns() const;

  std::shared_ptr<const Tokenizer> tokenizer_;
  ChatEncoder encoder_;
  ChatTemplate template_;
  SampleTask task_;
  TrainOn trainOn_;
  size_t limit_;  // 0: none
  ChatBuildOptions::Truncation truncation_;
  int32_t endOfText_;
  std::optional<int64_t> now_;
  std::vector<std::string> reliedOn_;  // special tokens of the template
};

}  // namespace z2
