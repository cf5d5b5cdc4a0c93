#pragma once

// A Hugging Face byte-pair-encoding tokenizer. Internal to core/tokenizer; made by
// Tokenizer::create.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/added_token_matcher.h"
#include "core/tokenizer/bpe_encoder.h"
#include "core/tokenizer/hf_decoder.h"
#include "core/tokenizer/hf_normalizer.h"
#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

class HfTokenizer final : public Tokenizer {
 public:
  [[nodiscard]] static Result<std::shared_ptr<HfTokenizer>> make(TokenizerDefinition definition);
  // For make.
  HfTokenizer(TokenizerDefinition definition, Pretokenizer pretokenizer, BpeEncoder encoder,
              HfNormalizer normalizer, HfDecoder decoder);

  [[nodiscard]] std::string tokenBytes(int32_t id) const override;
  [[nodiscard]] std::string_view tokenString(int32_t id) const override;
  [[nodiscard]] std::optional<int32_t> tokenId(std::string_view spelling) const override;
  [[nodiscard]] std::string_view type() const override;
  [[nodiscard]] size_t mergeCount() const override { return definition_.model.merges.size(); }
  [[nodiscard]] const TokenizerDefinition* definition() const override { return &definition_; }

 protected:
  [[nodiscard]] Result<void> encodeText(std::string_view text, bool allowSpecial,
                                        EncodeScratch::Buffers& buffers,
                                        std::vector<int32_t>& out) const override;
  [[nodiscard]] std::string decodeIds(std::span<const int32_t> ids,
                                      bool skipSpecial) const override;

 private:
  [[nodiscard]] Result<void> indexAddedTokens();
  void indexTokens();
  void findSpecialIds();
  [[nodiscard]] Result<void> encodeSection(std::string_view text, bool isAtStart, bool allowSpecial,
                                           EncodeScratch::Buffers& buffers,
                                           std::vector<int32_t>& out) const;

  TokenizerDefinition definition_;
  const Pretokenizer pretokenizer_;
  const BpeEncoder encoder_;
  const HfNormalizer normalizer_;
  const HfDecoder decoder_;
  AddedTokenMatcher rawMatcher_;         // in the text as given
  AddedTokenMatcher normalizedMatcher_;  // in the normalized text
  StringMap addedIds_;
  std::vector<std::string> spellings_;  // by id, added tokens over the model's; empty: unused
  std::vector<std::string> bytes_;      // by id, when the decoder is ByteLevel alone
};

}  // namespace z2
