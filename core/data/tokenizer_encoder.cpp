#include "core/data/tokenizer_encoder.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace z2 {

namespace {

class TokenizerSession final : public TextEncoder::Session {
 public:
  explicit TokenizerSession(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  Result<void> encode(std::string_view text, std::vector<int32_t>& out) override {
    return tokenizer_.encode(text, {}, scratch_, out);
  }

 private:
  const Tokenizer& tokenizer_;
  EncodeScratch scratch_;
};

}  // namespace

TokenizerEncoder::TokenizerEncoder(std::shared_ptr<const Tokenizer> tokenizer,
                                   std::optional<int32_t> endOfText)
    : tokenizer_(std::move(tokenizer)),
      endOfText_(endOfText ? endOfText : tokenizer_->endOfTextId()),
      vocabSize_(std::max(int64_t{tokenizer_->vocabSize()}, int64_t{endOfText_.value_or(-1)} + 1)) {
}

std::unique_ptr<TextEncoder::Session> TokenizerEncoder::session() const {
  return std::make_unique<TokenizerSession>(*tokenizer_);
}

}  // namespace z2
