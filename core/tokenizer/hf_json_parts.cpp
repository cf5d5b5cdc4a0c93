#include "core/tokenizer/hf_json_parts.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/limits.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

tl::unexpected<Error> unsupported(const JsonView& part, std::string_view type) {
  return badInput(part.where(), "\"" + std::string(type) + "\" is not supported",
                  "Use a byte-pair-encoding tokenizer built of the parts that the documentation "
                  "of tokenizers lists");
}

// Calls `one` for the part, or for each member of a Sequence, however nested; `key` names the list
// of a Sequence's members.
template <typename One>
Result<void> forEachStep(const JsonView& part, std::string_view key, size_t& budget, One one) {
  Z2_TRY(const std::string_view type, part.type());
  if (type != "Sequence") {
    if (budget-- == 0) return badInput(part.where(), "there are too many steps");
    return one(part, type);
  }
  Z2_TRY(const JsonView list, part.require(key));
  Z2_TRY(const auto members, list.array());
  size_t index = 0;
  for (const simdjson::dom::element member : members) {
    const JsonView view(member, list.where() + "[" + std::to_string(index++) + "]");
    Z2_TRY_VOID(forEachStep(view, key, budget, one));
  }
  return {};
}

template <typename One>
Result<void> forEachStep(const std::optional<JsonView>& part, std::string_view key, One one) {
  if (!part) return {};
  size_t budget = limits::kPipelineSteps;
  return forEachStep(*part, key, budget, one);
}

struct Pattern {
  std::string text;
  bool isRegex = false;
};

// {"String": …} or {"Regex": …}
Result<Pattern> parsePattern(const JsonView& part) {
  Z2_TRY(const JsonView pattern, part.require("pattern"));
  for (const bool isRegex : {false, true}) {
    const auto found = pattern.find(isRegex ? "Regex" : "String");
    if (!found) continue;
    Z2_TRY(const std::string_view text, found->string());
    return Pattern{std::string(text), isRegex};
  }
  return badInput(pattern.where(), "it has neither \"String\" nor \"Regex\"");
}

Result<std::string> parseCharacter(const JsonView& part, std::string_view key) {
  Z2_TRY(const std::string_view text, part.requireString(key));
  if (text.empty() || decodeUtf8(text, 0).length != text.size())
    return badInput(part.where() + "." + std::string(key), "this is not one character");
  return std::string(text);
}

Result<SplitBehavior> parseBehavior(const JsonView& part, std::string_view fallback) {
  Z2_TRY(const std::string name, part.stringOr("behavior", fallback));
  constexpr std::pair<std::string_view, SplitBehavior> kNames[] = {
      {"Removed", SplitBehavior::kRemoved},
      {"Isolated", SplitBehavior::kIsolated},
      {"MergedWithPrevious", SplitBehavior::kMergedWithPrevious},
      {"MergedWithNext", SplitBehavior::kMergedWithNext},
      {"Contiguous", SplitBehavior::kContiguous}};
  for (const auto& [known, behavior] : kNames)
    if (known == name) return behavior;
  return badInput(part.where() + ".behavior", "\"" + name + "\" is not a behaviour of Split");
}

// Metaspace's two spellings: prepend_scheme, and add_prefix_space of older files.
Result<PrependScheme> parsePrependScheme(const JsonView& part) {
  Z2_TRY(const bool addsPrefix, part.booleanOr("add_prefix_space", true));
  Z2_TRY(const std::string name, part.stringOr("prepend_scheme", addsPrefix ? "always" : "never"));
  if (name == "always") return PrependScheme::kAlways;
  if (name == "never") return PrependScheme::kNever;
  if (name == "first") return PrependScheme::kFirst;
  return badInput(part.where() + ".prepend_scheme", "\"" + name + "\" is not a scheme");
}

Result<NormalizerStep> parseNormalizerStep(const JsonView& part, std::string_view type) {
  using Kind = NormalizerStep::Kind;
  NormalizerStep step;
  constexpr std::pair<std::string_view, Kind> kPlain[] = {{"NFC", Kind::kNfc},
                                                          {"NFD", Kind::kNfd},
                                                          {"NFKC", Kind::kNfkc},
                                                          {"NFKD", Kind::kNfkd},
                                                          {"Lowercase", Kind::kLowercase}};
  for (const auto& [name, kind] : kPlain) {
    if (name != type) continue;
    step.kind = kind;
    return step;
  }
  if (type == "Strip") {
    step.kind = Kind::kStrip;
    Z2_TRY(step.stripsLeft, part.booleanOr("strip_left", true));
    Z2_TRY(step.stripsRight, part.booleanOr("strip_right", true));
    return step;
  }
  if (type == "Prepend") {
    step.kind = Kind::kPrepend;
    Z2_TRY(step.content, part.requireString("prepend"));
    return step;
  }
  if (type == "Replace") {
    Z2_TRY(Pattern pattern, parsePattern(part));
    step.kind = pattern.isRegex ? Kind::kReplaceRegex : Kind::kReplaceString;
    step.pattern = std::move(pattern.text);
    Z2_TRY(step.content, part.requireString("content"));
    return step;
  }
  return unsupported(part, type);
}

Result<PretokenizerStep> parsePretokenizerStep(const JsonView& part, std::string_view type) {
  using Kind = PretokenizerStep::Kind;
  PretokenizerStep step;
  if (type == "ByteLevel") {
    step.kind = Kind::kByteLevel;
    Z2_TRY(step.addsPrefixSpace, part.booleanOr("add_prefix_space", true));
    Z2_TRY(step.trimsOffsets, part.booleanOr("trim_offsets", true));
    Z2_TRY(step.usesRegex, part.booleanOr("use_regex", true));
  } else if (type == "Split") {
    Z2_TRY(Pattern pattern, parsePattern(part));
    step.kind = pattern.isRegex ? Kind::kSplitRegex : Kind::kSplitString;
    step.pattern = std::move(pattern.text);
    Z2_TRY(step.behavior, parseBehavior(part, ""));
    Z2_TRY(step.isInverted, part.booleanOr("invert", false));
  } else if (type == "Digits") {
    step.kind = Kind::kDigits;
    Z2_TRY(step.splitsEachDigit, part.booleanOr("individual_digits", false));
  } else if (type == "Metaspace") {
    step.kind = Kind::kMetaspace;
    Z2_TRY(step.pattern, parseCharacter(part, "replacement"));
    Z2_TRY(step.prepend, parsePrependScheme(part));
    Z2_TRY(step.splits, part.booleanOr("split", true));
  } else if (type == "Whitespace") {
    step.kind = Kind::kWhitespace;
  } else if (type == "WhitespaceSplit") {
    step.kind = Kind::kWhitespaceSplit;
  } else if (type == "Punctuation") {
    step.kind = Kind::kPunctuation;
    Z2_TRY(step.behavior, parseBehavior(part, "Isolated"));
  } else {
    return unsupported(part, type);
  }
  return step;
}

Result<DecoderStep> parseDecoderStep(const JsonView& part, std::string_view type) {
  using Kind = DecoderStep::Kind;
  DecoderStep step;
  if (type == "ByteLevel") {
    step.kind = Kind::kByteLevel;
  } else if (type == "ByteFallback") {
    step.kind = Kind::kByteFallback;
  } else if (type == "Fuse") {
    step.kind = Kind::kFuse;
  } else if (type == "Strip") {
    step.kind = Kind::kStrip;
    Z2_TRY(step.content, parseCharacter(part, "content"));
    Z2_TRY(const JsonView start, part.require("start"));
    Z2_TRY(const JsonView stop, part.require("stop"));
    Z2_TRY(const int64_t startCount, start.integer(1 << 20));
    Z2_TRY(const int64_t stopCount, stop.integer(1 << 20));
    step.start = static_cast<int>(startCount);
    step.stop = static_cast<int>(stopCount);
  } else if (type == "Replace") {
    Z2_TRY(Pattern pattern, parsePattern(part));
    step.kind = pattern.isRegex ? Kind::kReplaceRegex : Kind::kReplaceString;
    step.pattern = std::move(pattern.text);
    Z2_TRY(step.content, part.requireString("content"));
  } else if (type == "Metaspace") {
    step.kind = Kind::kMetaspace;
    Z2_TRY(step.pattern, parseCharacter(part, "replacement"));
    Z2_TRY(step.prepend, parsePrependScheme(part));
    Z2_TRY(step.splits, part.booleanOr("split", true));
  } else {
    return unsupported(part, type);
  }
  return step;
}

// The list "single" of a TemplateProcessing: special tokens around $A.
Result<void> parseTemplate(const JsonView& part, TemplateDefinition& made) {
  Z2_TRY(const JsonView single, part.require("single"));
  Z2_TRY(const auto pieces, single.array());
  bool isAfter = false;
  for (const simdjson::dom::element element : pieces) {
    const JsonView piece(element, single.where());
    if (piece.find("Sequence")) {
      isAfter = true;
      continue;
    }
    Z2_TRY(const JsonView special, piece.require("SpecialToken"));
    Z2_TRY(const std::string_view id, special.requireString("id"));
    (isAfter ? made.after : made.before).emplace_back(id);
  }
  made.isPresent = true;
  return {};
}

// BertProcessing and RobertaProcessing: "cls" before and "sep" after, each [token, id].
Result<void> parseClsSep(const JsonView& part, TemplateDefinition& made) {
  for (const std::string_view key : {"cls", "sep"}) {
    Z2_TRY(const JsonView pair, part.require(key));
    Z2_TRY(const auto values, pair.array());
    std::string_view token;
    if (values.at(0).get(token) != simdjson::SUCCESS)
      return badInput(pair.where(), "this is not a token with its id");
    (key == "cls" ? made.before : made.after).emplace_back(token);
  }
  made.isPresent = true;
  return {};
}

template <typename Step, typename ParseOne>
Result<std::vector<Step>> parseSteps(const std::optional<JsonView>& part, std::string_view key,
                                     ParseOne parseOne) {
  std::vector<Step> steps;
  Z2_TRY_VOID(
      forEachStep(part, key, [&](const JsonView& one, std::string_view type) -> Result<void> {
        Z2_TRY(Step step, parseOne(one, type));
        steps.push_back(std::move(step));
        return {};
      }));
  return steps;
}

}  // namespace

Result<std::vector<NormalizerStep>> parseNormalizer(const std::optional<JsonView>& part) {
  return parseSteps<NormalizerStep>(part, "normalizers", parseNormalizerStep);
}

Result<std::vector<PretokenizerStep>> parsePretokenizer(const std::optional<JsonView>& part) {
  return parseSteps<PretokenizerStep>(part, "pretokenizers", parsePretokenizerStep);
}

Result<std::vector<DecoderStep>> parseDecoder(const std::optional<JsonView>& part) {
  return parseSteps<DecoderStep>(part, "decoders", parseDecoderStep);
}

Result<void> parsePostProcessor(const std::optional<JsonView>& part,
                                TokenizerDefinition& definition) {
  return forEachStep(part, "processors",
                     [&](const JsonView& one, std::string_view type) -> Result<void> {
                       if (type == "ByteLevel") {
                         definition.hasByteLevelPostProcessor = true;
                         return {};
                       }
                       if (type == "TemplateProcessing")
                         return parseTemplate(one, definition.postProcessor);
                       if (type == "BertProcessing" || type == "RobertaProcessing")
                         return parseClsSep(one, definition.postProcessor);
                       return unsupported(one, type);
                     });
}

}  // namespace z2
