#include "core/model_files/gguf/gguf_tokenizer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/model_files/gguf/spm_scores.h"
#include "core/tokenizer/pattern_scanner.h"

namespace z2 {

namespace {

// llama.cpp's kinds of tokens.
enum TokenType : int32_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6
};

struct Vocabulary {
  std::vector<std::string> tokens;
  std::vector<int32_t> types;
  std::vector<float> scores;  // empty: the model has none
};

tl::unexpected<Error> cannotSay(const std::string& what) {
  return badInput(
      "tokenizer", what + ", which llama.cpp cannot follow",
      "Export with --format hf, or train with a tokenizer of \"z2all tokenizer train\"");
}

// The name under which llama.cpp knows the pattern. "smaug-bpe" is Llama 3's without
// ignore_merges.
Result<std::string_view> patternName(const TokenizerDefinition& definition) {
  using Kind = PretokenizerStep::Kind;
  const std::vector<PretokenizerStep>& steps = definition.pretokenizer;
  std::optional<KnownPattern> pattern;
  if (steps.size() == 1 && steps[0].kind == Kind::kByteLevel && steps[0].usesRegex)
    pattern = KnownPattern::kGpt2;
  if (steps.size() == 2 && steps[0].kind == Kind::kSplitRegex &&
      steps[0].behavior == SplitBehavior::kIsolated && !steps[0].isInverted &&
      steps[1].kind == Kind::kByteLevel && !steps[1].usesRegex)
    pattern = recognizePattern(steps[0].pattern);
  if (!pattern) return cannotSay("the pre-tokenizer is none of gpt2, llama3 and qwen2");
  if (steps.back().addsPrefixSpace) return cannotSay("the pre-tokenizer adds a space");
  const bool ignoresMerges = definition.model.ignoresMerges;
  if (*pattern == KnownPattern::kLlama3)
    return std::string_view(ignoresMerges ? "llama-bpe" : "smaug-bpe");
  if (ignoresMerges) return cannotSay("tokens are taken whole (ignore_merges) with this pattern");
  return std::string_view(*pattern == KnownPattern::kGpt2 ? "gpt-2" : "qwen2");
}

bool isByteToken(std::string_view token) {
  unsigned byte = 0;
  return token.size() == 6 && token.starts_with("<0x") && token.ends_with('>') &&
         std::from_chars(token.data() + 3, token.data() + 5, byte, 16).ptr == token.data() + 5;
}

Vocabulary vocabularyOf(const TokenizerDefinition& definition) {
  Vocabulary vocabulary;
  for (const std::optional<std::string>& token : definition.model.tokens) {
    const bool isByte = definition.model.hasByteFallback && token && isByteToken(*token);
    vocabulary.tokens.push_back(token.value_or(""));
    vocabulary.types.push_back(!token ? kUnused : isByte ? kByte : kNormal);
  }
  for (const AddedToken& added : definition.addedTokens) {
    const auto id = static_cast<size_t>(added.id);
    if (id >= vocabulary.tokens.size()) {
      vocabulary.tokens.resize(id + 1);
      vocabulary.types.resize(id + 1, kUnused);
    }
    vocabulary.tokens[id] = added.content;
    vocabulary.types[id] = added.content == definition.model.unknownToken ? kUnknown
                           : added.isSpecial                              ? kControl
                                                                          : kUserDefined;
  }
  return vocabulary;
}

Vocabulary vocabularyOf(const SentencePieceModel& model) {
  Vocabulary vocabulary;
  for (const SentencePiece& piece : model.pieces) {
    vocabulary.tokens.push_back(piece.piece);
    vocabulary.types.push_back(static_cast<int32_t>(piece.type));  // the numbers are the same
    vocabulary.scores.push_back(piece.score);
  }
  return vocabulary;
}

// llama.cpp wants a name for each row of the embedding, and its unigram model reads also the names
// of unused ones: they are the last that it would choose.
void fillUp(Vocabulary& vocabulary, size_t size) {
  constexpr float kNever = -1e6f;
  const bool hasScores = !vocabulary.scores.empty();
  vocabulary.tokens.resize(std::max(size, vocabulary.tokens.size()));
  vocabulary.types.resize(vocabulary.tokens.size(), kUnused);
  if (hasScores) vocabulary.scores.resize(vocabulary.tokens.size());
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (vocabulary.types[id] != kUnused) continue;
    vocabulary.tokens[id] = fmt::format("[PAD{}]", id);
    if (hasScores) vocabulary.scores[id] = kNever;
  }
}

void addVocabulary(const Vocabulary& vocabulary, GgufMetadata& metadata) {
  metadata.add("tokenizer.ggml.tokens", vocabulary.tokens);
  if (!vocabulary.scores.empty()) metadata.add("tokenizer.ggml.scores", vocabulary.scores);
  metadata.add("tokenizer.ggml.token_type", vocabulary.types);
}

void addSpecialIds(const Tokenizer& tokenizer, const HfConfig& config, GgufMetadata& metadata) {
  const auto add = [&](const char* key, std::optional<int64_t> id) {
    if (id) metadata.add(key, static_cast<uint32_t>(*id));
  };
  const auto orElse = [](std::optional<int64_t> first, std::optional<int32_t> second) {
    return first ? first : second ? std::optional<int64_t>(*second) : std::nullopt;
  };
  std::optional<int64_t> end;
  if (!config.eosIds.empty()) end = config.eosIds.front();
  add("tokenizer.ggml.bos_token_id", orElse(config.bosId, tokenizer.bosId()));
  add("tokenizer.ggml.eos_token_id", orElse(end, tokenizer.endOfTextId()));
  // A second end token of a chat model ends a turn.
  if (config.eosIds.size() > 1) add("tokenizer.ggml.eot_token_id", config.eosIds[1]);
  add("tokenizer.ggml.unknown_token_id", tokenizer.unkId());
  add("tokenizer.ggml.padding_token_id", orElse(config.padId, tokenizer.padId()));
}

bool addsBos(const TokenizerDefinition& definition) {
  const auto& before = definition.postProcessor.before;
  return std::ranges::find(before, definition.bosToken) != before.end();
}

Result<std::vector<std::string>> addByteLevel(const TokenizerDefinition& definition,
                                              size_t vocabSize, GgufMetadata& metadata) {
  Z2_TRY(const std::string_view pattern, patternName(definition));
  std::vector<std::string> notes;
  for (const NormalizerStep& step : definition.normalizer) {
    if (step.kind != NormalizerStep::Kind::kNfc) return cannotSay("text is normalized");
    notes.emplace_back("llama.cpp does not compose characters (NFC) before it reads them");
  }
  metadata.add("tokenizer.ggml.model", "gpt2");
  metadata.add("tokenizer.ggml.pre", pattern);
  Vocabulary vocabulary = vocabularyOf(definition);
  std::vector<std::string> merges;
  merges.reserve(definition.model.merges.size());
  for (const BpeMerge& merge : definition.model.merges)
    merges.push_back(vocabulary.tokens[static_cast<size_t>(merge.left)] + " " +
                     vocabulary.tokens[static_cast<size_t>(merge.right)]);
  fillUp(vocabulary, vocabSize);
  addVocabulary(vocabulary, metadata);
  metadata.add("tokenizer.ggml.merges", merges);
  metadata.add("tokenizer.ggml.add_bos_token", addsBos(definition));
  metadata.add("tokenizer.ggml.add_eos_token", false);
  return notes;
}

// Llama 2's tokenizer.json: a sentencepiece model in other words.
Result<std::vector<std::string>> addLlama2(const TokenizerDefinition& definition, size_t vocabSize,
                                           GgufMetadata& metadata) {
  using Kind = NormalizerStep::Kind;
  bool addsPrefix = false;
  std::vector<std::string> notes;
  for (const NormalizerStep& step : definition.normalizer) {
    if (step.kind == Kind::kPrepend) addsPrefix = true;
    if (step.kind == Kind::kReplaceRegex)
      notes.emplace_back("llama.cpp keeps spaces that follow each other");
  }
  for (const PretokenizerStep& step : definition.pretokenizer) {
    if (step.kind != PretokenizerStep::Kind::kMetaspace || step.splits)
      return cannotSay("the pre-tokenizer cuts text before it is merged");
    addsPrefix = step.prepend != PrependScheme::kNever;
  }
  if (!definition.model.hasByteFallback) return cannotSay("there are no byte tokens");
  Vocabulary vocabulary = vocabularyOf(definition);
  Z2_TRY(vocabulary.scores, spmScores(definition.model));
  fillUp(vocabulary, vocabSize);
  metadata.add("tokenizer.ggml.model", "llama");
  metadata.add("tokenizer.ggml.pre", "default");
  addVocabulary(vocabulary, metadata);
  metadata.add("tokenizer.ggml.add_space_prefix", addsPrefix);
  metadata.add("tokenizer.ggml.add_bos_token", addsBos(definition));
  metadata.add("tokenizer.ggml.add_eos_token", false);
  return notes;
}

// Its normalizer and spaces llama.cpp follows.
Result<std::vector<std::string>> addUnigram(const SentencePieceModel& model, size_t vocabSize,
                                            GgufMetadata& metadata) {
  if (model.removesExtraWhitespaces && !model.addsDummyPrefix)
    return cannotSay("extra spaces are removed and none is put before the text");
  // A line end, too, is a character that many such models have no token for.
  if (model.hasByteFallback)
    return cannotSay("characters without a token are bytes (byte_fallback)");
  metadata.add("tokenizer.ggml.model", "t5");
  metadata.add("tokenizer.ggml.pre", "default");
  Vocabulary vocabulary = vocabularyOf(model);
  fillUp(vocabulary, vocabSize);
  addVocabulary(vocabulary, metadata);
  metadata.add("tokenizer.ggml.add_space_prefix", model.addsDummyPrefix);
  metadata.add("tokenizer.ggml.remove_extra_whitespaces", model.removesExtraWhitespaces);
  if (const std::string& table = model.precompiledCharsmap; !table.empty())
    metadata.add("tokenizer.ggml.precompiled_charsmap",
                 std::span(reinterpret_cast<const uint8_t*>(table.data()), table.size()));
  return std::vector<std::string>();
}

Result<std::vector<std::string>> addSentencePieceBpe(const SentencePieceModel& model,
                                                     size_t vocabSize, GgufMetadata& metadata) {
  if (!model.hasByteFallback) return cannotSay("there are no byte tokens (byte_fallback)");
  std::vector<std::string> notes;
  if (model.removesExtraWhitespaces)
    notes.emplace_back("llama.cpp keeps spaces that follow each other");
  if (!model.precompiledCharsmap.empty())
    notes.push_back("llama.cpp does not normalize text (" + model.normalizerName + ")");
  Vocabulary vocabulary = vocabularyOf(model);
  fillUp(vocabulary, vocabSize);
  metadata.add("tokenizer.ggml.model", "llama");
  metadata.add("tokenizer.ggml.pre", "default");
  addVocabulary(vocabulary, metadata);
  metadata.add("tokenizer.ggml.add_space_prefix", model.addsDummyPrefix);
  return notes;
}

Result<std::vector<std::string>> addSentencePiece(const SentencePieceModel& model, size_t vocabSize,
                                                  GgufMetadata& metadata) {
  if (model.treatsWhitespaceAsSuffix || !model.escapesWhitespaces)
    return cannotSay("white space is treated in a way of its own");
  Z2_TRY(std::vector<std::string> notes, model.kind == SentencePieceModel::Kind::kUnigram
                                             ? addUnigram(model, vocabSize, metadata)
                                             : addSentencePieceBpe(model, vocabSize, metadata));
  metadata.add("tokenizer.ggml.add_bos_token", false);
  metadata.add("tokenizer.ggml.add_eos_token", false);
  return notes;
}

bool isByteLevel(const TokenizerDefinition& definition) {
  return !definition.pretokenizer.empty() &&
         definition.pretokenizer.back().kind == PretokenizerStep::Kind::kByteLevel;
}

}  // namespace

Result<std::vector<std::string>> addGgufTokenizer(const Tokenizer& tokenizer,
                                                  const HfConfig& config, GgufMetadata& metadata) {
  const auto vocabSize = static_cast<size_t>(config.model.vocabSize);
  const TokenizerDefinition* const definition = tokenizer.definition();
  Result<std::vector<std::string>> notes =
      definition == nullptr      ? addSentencePiece(*tokenizer.sentencePiece(), vocabSize, metadata)
      : isByteLevel(*definition) ? addByteLevel(*definition, vocabSize, metadata)
                                 : addLlama2(*definition, vocabSize, metadata);
  if (notes) addSpecialIds(tokenizer, config, metadata);
  return notes;
}

}  // namespace z2
