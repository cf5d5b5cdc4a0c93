#pragma once

// A sentencepiece tokenizer. Internal to core/tokenizer; made by Tokenizer::create.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/added_token_matcher.h"
#include "core/tokenizer/bpe_encoder.h"
#include "core/tokenizer/code_point_map.h"
#include "core/tokenizer/junction_set.h"
#include "core/tokenizer/merge_table.h"
#include "core/tokenizer/spm_normalizer.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/unigram_model.h"

namespace z2 {

class SpmTokenizer final : public Tokenizer {
 public:
  [[nodiscard]] static Result<std::shared_ptr<SpmTokenizer>> make(SentencePieceModel model);
  // For make.
  explicit SpmTokenizer(SentencePieceModel model);

  [[nodiscard]] std::string tokenBytes(int32_t id) const override;
  [[nodiscard]] std::string_view tokenString(int32_t id) const override;
  [[nodiscard]] std::optional<int32_t> tokenId(std::string_view spelling) const override;
  [[nodiscard]] std::string_view type() const override {
    return isUnigram() ? "spm-unigram" : "spm-bpe";
  }
  [[nodiscard]] size_t mergeCount() const override { return 0; }
  [[nodiscard]] const SentencePieceModel* sentencePiece() const override { return &model_; }

 protected:
  [[nodiscard]] Result<void> encodeText(std::string_view text, bool allowSpecial,
                                        EncodeScratch::Buffers& buffers,
                                        std::vector<int32_t>& out) const override;
  [[nodiscard]] std::string decodeIds(std::span<const int32_t> ids,
                                      bool skipSpecial) const override;

 private:
  using Type = SentencePiece::Type;

  [[nodiscard]] bool isUnigram() const { return model_.kind == SentencePieceModel::Kind::kUnigram; }
  [[nodiscard]] Result<void> index();
  [[nodiscard]] Result<void> indexMerges();
  void indexCharacters();
  void addMerges(int32_t id, uint32_t priority, std::vector<MergeTable::Entry>& entries);
  [[nodiscard]] int32_t symbolOf(std::string_view text) const;
  void indexControlPieces();
  void encodeNormalized(std::string_view text, EncodeScratch::Buffers& buffers,
                        std::vector<int32_t>& out) const;
  // One stretch of text without user-defined symbols, that nothing merges into or out of.
  void encodeStretch(std::string_view text, EncodeScratch::Buffers& buffers,
                     std::vector<int32_t>& out) const;
  void mergeStretch(std::string_view text, EncodeScratch::Buffers& buffers,
                    std::vector<int32_t>& out) const;
  void encodeUnigram(std::string_view text, EncodeScratch::Buffers& buffers,
                     std::vector<int32_t>& out) const;
  void appendUnlisted(std::string_view character, std::vector<int32_t>& out) const;
  [[nodiscard]] Type typeOf(int32_t id) const {
    return model_.pieces[static_cast<size_t>(id)].type;
  }
  void decodePiece(int32_t id, bool isAtStart, bool& sawSpace, std::string& text) const;

  SentencePieceModel model_;
  SpmNormalizer normalizer_;
  SpmCharacterMap denormalizer_;
  PrefixMatcher userSymbols_;
  AddedTokenMatcher controlMatcher_;  // control pieces in the text, when they are allowed
  StringMap pieces_;                  // normal and user-defined
  StringMap reserved_;                // unknown, control, byte
  CodePointMap characters_;           // symbols: piece ids, or past them
  MergeTable merges_;
  JunctionSet junctions_;
  UnigramModel unigram_;
  std::vector<int32_t> bytePieces_;       // of <0x00> to <0xFF>; -1: none
  std::vector<std::string> symbolTexts_;  // of the symbols past the pieces
  int32_t unknown_ = 0;
};

}  // namespace z2
