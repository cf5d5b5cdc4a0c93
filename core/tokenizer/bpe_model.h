#pragma once

// A byte-pair-encoding vocabulary with its merges: what training produces, what tokenizer.json
// stores in "model", what encoding compiles. Plain data; no thread rule of its own.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace z2 {

// Replaces the neighbours `left right` by the token that is their concatenation, `result`.
struct BpeMerge {
  int32_t left = 0;
  int32_t right = 0;
  int32_t result = 0;
  friend bool operator==(const BpeMerge&, const BpeMerge&) = default;
};

struct BpeModel {
  // By id, spelled as in the file: for byte-level models each byte is one of the 256 characters of
  // GPT-2's table (ByteAlphabet in pretokenizer.h). An id that the file skips is nullopt.
  std::vector<std::optional<std::string>> tokens;
  std::vector<BpeMerge> merges;  // rank = index; the lowest rank merges first

  std::optional<std::string> unknownToken;
  std::optional<std::string> continuingSubwordPrefix;
  std::optional<std::string> endOfWordSuffix;
  bool fusesUnknown = false;         // neighbouring unknown characters become one unknown token
  bool hasByteFallback = false;      // unknown characters become <0xHH> tokens
  bool ignoresMerges = false;        // a pre-token that is a token is taken whole
  bool hasExplicitIgnore = false;    // the file spells ignore_merges out (kept when written)
  bool writesMergesAsPairs = false;  // [["a","b"]] instead of ["a b"]
};

}  // namespace z2
