#pragma once

// The .idx of a Megatron token file (IndexedDataset, `MMIDIDX`), parsed where it lies.
//
// Layout, little-endian: "MMIDIDX\0\0" (9 bytes), u64 version 1, u8 type of element, u64 sequences,
// u64 document entries (documents + 1), then i32 lengths[sequences] in tokens,
// i64 offsets[sequences] in bytes, i64 document entries (first sequence of each document; the first
// is 0, the last the number of sequences), and, where there, i8 modes[sequences].

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// Megatron's codes of the integer types; we write kUint16 and kInt32 and read them all.
enum class TokenType : uint8_t {
  kUint8 = 1,
  kInt8 = 2,
  kInt16 = 3,
  kInt32 = 4,
  kInt64 = 5,
  kUint16 = 8
};

[[nodiscard]] uint64_t sizeOf(TokenType type);
[[nodiscard]] std::string_view nameOf(TokenType type);  // "uint16", "int32", …
// uint16 below 65,500 tokens, as Megatron decides, else int32.
[[nodiscard]] TokenType tokenTypeFor(int64_t vocabSize);

// A view of index bytes that it does not own. Every field was checked by parse: nothing that the
// accessors return lies outside of the token file. Thread-safe.
class TokenIndex {
 public:
  static constexpr std::string_view kMagic{"MMIDIDX\0\0", 9};
  static constexpr uint64_t kVersion = 1;
  static constexpr uint64_t kHeaderBytes = 34;

  // `binBytes`: the size of the .bin. `where` names the index in errors, which are kCorrupt for
  // structure and kBadInput for types that are no tokens.
  [[nodiscard]] static Result<TokenIndex> parse(std::span<const std::byte> bytes, uint64_t binBytes,
                                                std::string_view where);

  [[nodiscard]] TokenType type() const { return type_; }
  [[nodiscard]] uint64_t sequences() const { return sequences_; }
  [[nodiscard]] uint64_t documents() const { return documents_; }
  [[nodiscard]] uint64_t tokens() const { return tokens_; }
  // In tokens from the start of the file; i < sequences().
  [[nodiscard]] uint64_t sequenceStart(uint64_t i) const;
  [[nodiscard]] uint64_t sequenceTokens(uint64_t i) const;
  // A document is its sequences end to end; i < documents().
  [[nodiscard]] uint64_t documentFirstSequence(uint64_t i) const;
  [[nodiscard]] uint64_t documentStart(uint64_t i) const;
  [[nodiscard]] uint64_t documentTokens(uint64_t i) const;
  // The document that holds the token at `position` < tokens(), by bisection.
  [[nodiscard]] uint64_t documentAt(uint64_t position) const;

 private:
  [[nodiscard]] Result<void> check(std::string_view where, uint64_t binBytes);
  [[nodiscard]] uint64_t startOf(uint64_t sequence) const;

  TokenType type_ = TokenType::kUint16;
  uint64_t sequences_ = 0;
  uint64_t documents_ = 0;
  uint64_t tokens_ = 0;
  const std::byte* lengths_ = nullptr;
  const std::byte* offsets_ = nullptr;
  const std::byte* firsts_ = nullptr;
};

}  // namespace z2
