#pragma once

// A sentencepiece .model: one protobuf message (sentencepiece_model.proto), read and written by a
// wire reader of our own. Plain data; no thread rule of its own.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

struct SentencePiece {
  enum class Type {
    kNormal = 1,
    kUnknown = 2,
    kControl = 3,
    kUserDefined = 4,
    kUnused = 5,
    kByte = 6
  };
  std::string piece;
  float score = 0;
  Type type = Type::kNormal;
};

struct SentencePieceModel {
  enum class Kind { kUnigram = 1, kBpe = 2, kWord = 3, kChar = 4 };

  std::vector<SentencePiece> pieces;  // id = index

  // trainer_spec, the fields that encoding and decoding or a reader of the file need.
  Kind kind = Kind::kBpe;
  int32_t vocabSize = 0;
  bool hasByteFallback = false;
  bool treatsWhitespaceAsSuffix = false;
  bool splitsDigits = false;
  float characterCoverage = 0.9995F;
  int32_t unkId = 0;
  int32_t bosId = 1;
  int32_t eosId = 2;
  int32_t padId = -1;
  std::string unkPiece = "<unk>";
  std::string bosPiece = "<s>";
  std::string eosPiece = "</s>";
  std::string padPiece = "<pad>";
  std::string unkSurface = " \xE2\x81\x87 ";

  // normalizer_spec.
  std::string normalizerName = "identity";
  std::string precompiledCharsmap;  // empty: identity
  bool addsDummyPrefix = true;
  bool removesExtraWhitespaces = true;
  bool escapesWhitespaces = true;
  std::string denormalizerCharsmap;  // denormalizer_spec.precompiled_charsmap
};

// `where` names the bytes in errors. Unknown fields are skipped; lengths are checked against what
// remains.
[[nodiscard]] Result<SentencePieceModel> parseSentencePieceModel(std::string_view bytes,
                                                                 std::string_view where);
// Bytes that sentencepiece loads to the same model.
[[nodiscard]] std::string writeSentencePieceModel(const SentencePieceModel& model);

// The same tokenizer in Hugging Face's form (Llama-2 style: Prepend and Replace, byte fallback,
// merges derived from the scores). Fails for what that form cannot say: a normalizer other than
// identity, kinds other than BPE.
[[nodiscard]] Result<TokenizerDefinition> toHfDefinition(const SentencePieceModel& model);

}  // namespace z2
