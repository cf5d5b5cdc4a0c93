#pragma once

// A Hugging Face tokenizer taken apart: what tokenizer.json says, as plain data. Trainers build
// one, hf_json.h reads and writes it, Tokenizer compiles it.

#include <cstdint>
#include <string>
#include <vector>

#include "core/tokenizer/bpe_model.h"
#include "core/tokenizer/pretokenizer.h"

namespace z2 {

// A token that is found in the text before the model sees it.
struct AddedToken {
  int32_t id = 0;
  std::string content;
  bool isSingleWord = false;  // only where no word character touches it
  bool stripsLeft = false;    // takes the white space before it
  bool stripsRight = false;   // takes the white space after it
  bool isNormalized = true;   // searched in the normalized text instead of the raw text
  bool isSpecial = false;     // skipped by decode(skipSpecial); needs allowSpecial to be found
};

struct NormalizerStep {
  enum class Kind {
    kNfc,
    kNfd,
    kNfkc,
    kNfkd,
    kLowercase,
    kStrip,
    kPrepend,
    kReplaceString,
    kReplaceRegex,
  };
  Kind kind = Kind::kNfc;
  std::string pattern = {};  // of Replace
  std::string content = {};  // of Replace and Prepend
  bool stripsLeft = true;    // Strip
  bool stripsRight = true;   // Strip
};

struct DecoderStep {
  enum class Kind {
    kByteLevel,
    kByteFallback,
    kFuse,
    kStrip,
    kReplaceString,
    kReplaceRegex,
    kMetaspace,
  };
  Kind kind = Kind::kByteLevel;
  std::string pattern = {};  // of Replace; Metaspace: the replacement character
  std::string content = {};  // of Replace; Strip: the character
  int start = 0;             // Strip: how many at most from the left of each token
  int stop = 0;              // Strip: and from its right
  PrependScheme prepend = PrependScheme::kNever;  // Metaspace
  bool splits = true;                             // Metaspace: kept for writing
};

// TemplateProcessing of one text: the special tokens before and after it.
struct TemplateDefinition {
  bool isPresent = false;
  std::vector<std::string> before;
  std::vector<std::string> after;
};

struct TokenizerDefinition {
  BpeModel model;
  std::vector<AddedToken> addedTokens;  // by id
  std::vector<NormalizerStep> normalizer;
  std::vector<PretokenizerStep> pretokenizer;
  std::vector<DecoderStep> decoder;
  TemplateDefinition postProcessor;
  bool hasByteLevelPostProcessor = false;  // has no effect on ids; kept for writing

  // From tokenizer_config.json or the trainer; empty when unknown.
  std::string bosToken = {};
  std::string eosToken = {};
  std::string padToken = {};
  std::string unkToken = {};
};

// A byte-level tokenizer around a trained model: the named pattern's pre-tokenizer (and NFC for
// "qwen2"), ByteLevel decoder, the added tokens as given. `eosToken` also ends documents.
[[nodiscard]] TokenizerDefinition byteLevelDefinition(BpeModel model,
                                                      std::vector<AddedToken> addedTokens,
                                                      std::string_view patternName);

}  // namespace z2
