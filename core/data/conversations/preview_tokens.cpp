#include "core/data/conversations/preview_tokens.h"

#include <cstdint>
#include <string>
#include <utility>

namespace z2 {

void appendTokens(std::span<const int32_t> ids, std::span<const uint8_t> mask, bool isCut,
                  const Tokenizer* tokenizer, std::vector<PreviewToken>& out) {
  for (size_t i = 0; i < ids.size(); ++i) {
    PreviewToken token{
        .id = ids[i], .bytes = {}, .isTrained = mask[i] != 0 && !isCut, .isCut = isCut};
    if (tokenizer != nullptr) {
      const bool isBehind = ids[i] >= tokenizer->vocabSize();
      token.isSpecial = isBehind || tokenizer->isSpecial(ids[i]);
      token.bytes = isBehind ? std::string("<|endoftext|>") : tokenizer->tokenBytes(ids[i]);
      if (token.bytes.empty() && !isBehind) token.bytes = tokenizer->tokenString(ids[i]);
    }
    out.push_back(std::move(token));
  }
}

}  // namespace z2
