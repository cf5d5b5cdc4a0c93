#pragma once

// A BPE model compiled for encoding pre-tokens: tokenizers' models::bpe, part for part.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/bpe_model.h"
#include "core/tokenizer/code_point_map.h"
#include "core/tokenizer/junction_set.h"
#include "core/tokenizer/merge_table.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// Lookup of strings without making a std::string.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using StringMap = std::unordered_map<std::string, int32_t, StringHash, std::equal_to<>>;

// Immutable and thread-safe.
class BpeEncoder {
 public:
  // `isByteLevel`: pieces are plain bytes, and the vocabulary spells them by ByteAlphabet.
  [[nodiscard]] static Result<BpeEncoder> create(const BpeModel& model, bool isByteLevel);

  // Appends the ids of one pre-token (not empty).
  void encode(std::string_view piece, EncodeScratch::Buffers& buffers,
              std::vector<int32_t>& out) const;

  // The id of a token as the vocabulary spells it.
  [[nodiscard]] std::optional<int32_t> find(std::string_view spelling) const;

 private:
  using Encode = void (BpeEncoder::*)(std::string_view, EncodeScratch::Buffers&,
                                      std::vector<int32_t>&) const;
  void encodeCached(std::string_view piece, EncodeScratch::Buffers& buffers,
                    std::vector<int32_t>& out, Encode encodeNew) const;
  void encodeUncached(std::string_view piece, EncodeScratch::Buffers& buffers,
                      std::vector<int32_t>& out) const;
  void mergePiece(std::string_view piece, EncodeScratch::Buffers& buffers,
                  std::vector<int32_t>& out) const;
  void mergeSegment(std::string_view segment, EncodeScratch::Buffers& buffers,
                    std::vector<int32_t>& out) const;
  void indexJunctions(const BpeModel& model);
  [[nodiscard]] bool mayJoinBytes(std::string_view left, std::string_view right) const;
  [[nodiscard]] bool isCut(std::string_view left, std::string_view right) const;
  void byteSymbols(std::string_view piece, std::vector<int32_t>& symbols) const;
  void characterSymbols(std::string_view piece, std::vector<int32_t>& symbols) const;
  [[nodiscard]] int32_t idOfCharacter(std::string_view character, bool isFirst, bool isLast) const;
  bool appendFallbackBytes(std::string_view character, std::vector<int32_t>& symbols) const;

  MergeTable merges_;
  JunctionSet junctions_;
  bool canCut_ = false;           // long pieces may be cut at junctions that nothing joins
  bool hasPartialLeft_ = false;   // some merges across characters begin inside of one
  bool hasPartialRight_ = false;  // or end inside of one
  StringMap vocabulary_;
  CodePointMap characters_;
  std::vector<int32_t> bytes_;          // of 256 byte characters; -1: not a token
  std::vector<int32_t> fallbackBytes_;  // of <0x00> to <0xFF>; -1: not a token
  std::string prefix_;
  std::string suffix_;
  size_t longestToken_ = 0;  // in bytes of its spelling
  int32_t unknown_ = -1;
  bool isByteLevel_ = false;
  bool hasAllBytes_ = false;
  bool fusesUnknown_ = false;
  bool hasByteFallback_ = false;
  bool ignoresMerges_ = false;
};

}  // namespace z2
