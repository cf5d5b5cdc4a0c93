#pragma once

// A chat template with a tokenizer's special tokens: from a conversation to text of which each part
// is known to come from the template or the data, and to be trained or not.
//
// What is trained is never guessed from a prefix. Where the template marks it with {% generation
// %}, those blocks are. Else it is what came from an assistant's message, which the engine follows
// through the template, from where the template asks for an answer to the special token behind it
// that ends the turn.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/chat/conversation.h"
#include "core/chat/jinja/template.h"

namespace z2 {

// Part of a rendered conversation.
struct ChatPiece {
  std::string text;
  bool isTemplate = false;  // written by the template: only here are special tokens read
  bool isTrained = false;
  friend bool operator==(const ChatPiece&, const ChatPiece&) = default;
};

// What templates know of the tokenizer.
struct TemplateTokens {
  std::string bos;  // empty: none
  std::string eos;
  std::vector<std::string> special;  // spellings of all
};

enum class TrainOn { kAssistant, kAll, kLast };
[[nodiscard]] std::string_view nameOf(TrainOn trainOn);  // assistant, all, last
[[nodiscard]] std::optional<TrainOn> trainOnNamed(std::string_view name);

struct ChatRenderOptions {
  TrainOn trainOn = TrainOn::kAssistant;
  size_t firstTrained = 0;  // messages before this one are not trained (kAssistant and kLast)
  bool addsGenerationPrompt = false;
  std::optional<int64_t> now = std::nullopt;  // for strftime_now
};

// Immutable and thread-safe.
class ChatTemplate {
 public:
  // `source` is Jinja; `name` stands in errors.
  [[nodiscard]] static Result<ChatTemplate> create(std::string_view source, std::string name,
                                                   TemplateTokens tokens);

  // Without neighbours of the same kind. kBadInput when the template refuses the conversation.
  [[nodiscard]] Result<std::vector<ChatPiece>> render(const Conversation& conversation,
                                                      const ChatRenderOptions& options = {}) const;

  [[nodiscard]] const std::string& name() const { return template_.name(); }
  // Whether what is trained is marked in the template.
  [[nodiscard]] bool hasGeneration() const { return template_.hasGeneration(); }

 private:
  // Message i has origin kFirstMessage + i.
  static constexpr uint32_t kFirstMessage = 2;
  // Bytes of the rendered text that are trained.
  struct Range {
    size_t begin = 0;
    size_t end = 0;
    std::optional<size_t> message;  // that it belongs to, where that is known
  };

  ChatTemplate(jinja::Template parsed, TemplateTokens tokens);
  [[nodiscard]] Result<jinja::MarkedText> renderMarked(const Conversation& conversation,
                                                       const ChatRenderOptions& options) const;
  // followed_turns.cpp. What stands between turns, by small conversations.
  void findTurns();
  void findOpening(Conversation asked);
  [[nodiscard]] static std::string textBehind(const jinja::MarkedText& text, size_t message);
  [[nodiscard]] std::string sharedBeginning(const std::string& a, const std::string& b) const;
  [[nodiscard]] size_t endOfCalls(const jinja::MarkedText& text, const Conversation& conversation,
                                  size_t message) const;
  // Where the turn whose first own character is `at` begins; the one before it ends at `before`.
  [[nodiscard]] size_t startOfTurn(const jinja::MarkedText& text, size_t before, size_t at) const;
  // End of the special token that ends turns, or else of the first one, that begins at or behind
  // `at` with nothing but the template's text between; `at` itself where there is none.
  [[nodiscard]] size_t endOfTurn(const jinja::MarkedText& text, size_t at) const;
  [[nodiscard]] std::vector<Range> markedRanges(const jinja::MarkedText& text) const;
  [[nodiscard]] std::vector<Range> followedRanges(const jinja::MarkedText& text,
                                                  const Conversation& conversation) const;

  jinja::Template template_;
  TemplateTokens tokens_;
  // What the template writes behind a user's and a tool's message up to where the assistant begins.
  std::vector<std::string> openings_;
  std::string endOfTurn_;  // behind an answer, to its last special token; empty: none
};

}  // namespace z2
