#pragma once

// Text to token ids and back.
//
// One class for both families: Hugging Face byte-pair encoders (tokenizer.json) give the ids of the
// `tokenizers` library, sentencepiece models (.model) those of sentencepiece. Text that is not
// valid UTF-8 is read as Python's bytes.decode("utf-8", errors="replace") would for the first, and
// with one U+FFFD for each broken byte, as sentencepiece does, for the second.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

struct EncodeOptions {
  bool allowSpecial = false;  // the spelling of a special token becomes that token
  bool addBos = false;
  bool addEos = false;
};

struct SpecialToken {
  int32_t id = 0;
  std::string content;
  friend bool operator==(const SpecialToken&, const SpecialToken&) = default;
};

// Buffers and the pre-token cache of one thread (bounded, about 16 MB when full). May be used with
// several tokenizers in turn; switching empties the cache.
class EncodeScratch {
 public:
  EncodeScratch();
  ~EncodeScratch();
  EncodeScratch(EncodeScratch&&) noexcept;
  EncodeScratch& operator=(EncodeScratch&&) noexcept;

  struct Buffers;
  [[nodiscard]] Buffers& buffers() { return *buffers_; }

 private:
  std::unique_ptr<Buffers> buffers_;
};

// Immutable after it is made and thread-safe: share one object, give each thread its own scratch.
class Tokenizer {
 public:
  enum class Family { kHfBpe, kSentencePiece };

  // A Hugging Face folder (tokenizer.json or any one *tokenizer.json, with tokenizer_config.json),
  // a folder with one .model, a tokenizer.json, or a .model. When a folder has both, tokenizer.json
  // is taken.
  [[nodiscard]] static Result<std::shared_ptr<const Tokenizer>> open(
      const std::filesystem::path& path);
  [[nodiscard]] static Result<std::shared_ptr<const Tokenizer>> create(
      TokenizerDefinition definition);
  [[nodiscard]] static Result<std::shared_ptr<const Tokenizer>> create(SentencePieceModel model);

  virtual ~Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // Appends the ids of `text` to `out`. Fails, leaving `out` as it was, when BOS or EOS is asked of
  // a tokenizer that has none, or a foreign pattern exhausts PCRE2's limits on this text.
  [[nodiscard]] Result<void> encode(std::string_view text, const EncodeOptions& options,
                                    EncodeScratch& scratch, std::vector<int32_t>& out) const;

  // The text of the ids, valid UTF-8: incomplete characters become U+FFFD just as the family's
  // library does. An id outside of the vocabulary gives nothing.
  [[nodiscard]] std::string decode(std::span<const int32_t> ids, bool skipSpecial = false) const;
  // The bytes that one token adds in the middle of a text: for showing tokens as they are
  // generated. Special tokens give their spelling. Not always valid UTF-8 alone.
  [[nodiscard]] virtual std::string tokenBytes(int32_t id) const = 0;
  // The token as the vocabulary spells it ("Ġthe", "▁the", "<0x0A>"); empty for an unused id.
  [[nodiscard]] virtual std::string_view tokenString(int32_t id) const = 0;
  // The id of such a spelling, added tokens first.
  [[nodiscard]] virtual std::optional<int32_t> tokenId(std::string_view spelling) const = 0;

  [[nodiscard]] Family family() const { return family_; }
  // "bbpe", "bpe" (Hugging Face without ByteLevel), "spm-bpe", "spm-unigram".
  [[nodiscard]] virtual std::string_view type() const = 0;
  // One more than the largest id: the rows of an embedding that serves every id.
  [[nodiscard]] int32_t vocabSize() const { return vocabSize_; }
  [[nodiscard]] virtual size_t mergeCount() const = 0;  // 0 where merges are not listed
  // By id: special added tokens, or unknown and control pieces.
  [[nodiscard]] const std::vector<SpecialToken>& specialTokens() const { return specialTokens_; }
  [[nodiscard]] bool isSpecial(int32_t id) const;
  [[nodiscard]] std::optional<int32_t> bosId() const { return bosId_; }
  [[nodiscard]] std::optional<int32_t> eosId() const { return eosId_; }
  [[nodiscard]] std::optional<int32_t> padId() const { return padId_; }
  [[nodiscard]] std::optional<int32_t> unkId() const { return unkId_; }
  // What ends every document: the EOS token, else <|endoftext|>, <|end_of_text|>, </s> or <eos>
  // where the vocabulary has one as a special token.
  [[nodiscard]] std::optional<int32_t> endOfTextId() const { return endOfTextId_; }

  // SHA-256 of the tokenizer's main file (tokenizer.json or .model) in hexadecimal; of what would
  // be written for a tokenizer made in memory. Data remembers it.
  [[nodiscard]] const std::string& hash() const { return hash_; }

  // What it was made of, for exporting; null for the other family.
  [[nodiscard]] virtual const TokenizerDefinition* definition() const { return nullptr; }
  [[nodiscard]] virtual const SentencePieceModel* sentencePiece() const { return nullptr; }

 protected:
  explicit Tokenizer(Family family) : family_(family) {}

  // `text` as given, perhaps not valid UTF-8.
  [[nodiscard]] virtual Result<void> encodeText(std::string_view text, bool allowSpecial,
                                                EncodeScratch::Buffers& buffers,
                                                std::vector<int32_t>& out) const = 0;
  [[nodiscard]] virtual std::string decodeIds(std::span<const int32_t> ids,
                                              bool skipSpecial) const = 0;
  void setSpecialTokens(std::vector<SpecialToken> tokens);

  int32_t vocabSize_ = 0;
  std::optional<int32_t> bosId_;
  std::optional<int32_t> eosId_;
  std::optional<int32_t> padId_;
  std::optional<int32_t> unkId_;
  std::optional<int32_t> endOfTextId_;

 private:
  // What every way of making one ends with; `fileBytes` give the hash.
  void finish(std::string_view fileBytes);

  const Family family_;
  std::vector<SpecialToken> specialTokens_;  // sorted by id
  std::string hash_;
  std::shared_ptr<const char> identity_;  // tells the caches of scratches whose pieces they hold
};

}  // namespace z2
