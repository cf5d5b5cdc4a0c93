#pragma once

// From the pieces of a rendered conversation to token ids and a loss mask.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/chat/chat_template.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct ChatTokens {
  std::vector<int32_t> ids;
  std::vector<uint8_t> mask;  // 1: trained
};

// Immutable and thread-safe; each thread has its own scratch.
class ChatEncoder {
 public:
  // `endOfText` takes the place of the tokenizer's own and may lie behind its vocabulary; a
  // template then writes it as eos_token.
  explicit ChatEncoder(std::shared_ptr<const Tokenizer> tokenizer,
                       std::optional<int32_t> endOfText = std::nullopt);

  // What a template needs to know of this tokenizer.
  [[nodiscard]] const TemplateTokens& tokens() const { return tokens_; }

  // Appends. Trained and untrained text is tokenized apart, so that no token is both; special
  // tokens are read in the template's text alone, whatever the data spells.
  [[nodiscard]] Result<void> encode(std::span<const ChatPiece> pieces, EncodeScratch& scratch,
                                    ChatTokens& out) const;

  // Whether the spelling is one special token.
  [[nodiscard]] bool isSpecial(std::string_view spelling) const;

 private:
  struct Special {
    std::string spelling;
    int32_t id = 0;
    bool stripsLeft = false;
    bool stripsRight = false;
  };
  class Pass;
  // Tokenizes text that goes on from other text or from a special token.
  [[nodiscard]] Result<void> encodeContinued(std::string_view text, EncodeScratch& scratch,
                                             std::vector<int32_t>& out) const;
  // The same where it goes on from text that is tokenized apart.
  [[nodiscard]] Result<void> encodeBehindText(std::string_view text, EncodeScratch& scratch,
                                              std::vector<int32_t>& out) const;
  void findAnchor();
  // The longest special token that `text` starts with.
  [[nodiscard]] const Special* specialAt(std::string_view text) const;

  std::shared_ptr<const Tokenizer> tokenizer_;
  TemplateTokens tokens_;
  std::array<std::vector<Special>, 256> special_;  // by first byte, longest first
  // A special token behind which text is known not to begin a document. Empty where it makes no
  // difference to the tokenizer.
  std::string anchor_;
  bool addsSpace_ = false;  // before every stretch of text, as Llama-2's tokenizer.json does
};

}  // namespace z2
