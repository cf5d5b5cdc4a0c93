#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/new_folder.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/tokenizer_config_file.h"

namespace z2 {

namespace {

// On several lines, all but the first moved right by `indent`. Strings never hold a raw newline.
std::string pretty(const Json& value, int indent) {
  const std::string text = value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string moved;
  for (const char c : text) {
    moved += c;
    if (c == '\n') moved.append(static_cast<size_t>(indent), ' ');
  }
  return moved;
}

std::string jsonString(std::string_view text) { return jsonLine(Json(text)); }

std::string_view nameOf(PrependScheme scheme) {
  return scheme == PrependScheme::kAlways  ? "always"
         : scheme == PrependScheme::kNever ? "never"
                                           : "first";
}

std::string_view nameOf(SplitBehavior behavior) {
  switch (behavior) {
    case SplitBehavior::kRemoved:
      return "Removed";
    case SplitBehavior::kIsolated:
      return "Isolated";
    case SplitBehavior::kMergedWithPrevious:
      return "MergedWithPrevious";
    case SplitBehavior::kMergedWithNext:
      return "MergedWithNext";
    case SplitBehavior::kContiguous:
      return "Contiguous";
  }
  return {};
}

Json byteLevelJson(bool addsPrefixSpace, bool trimsOffsets, bool usesRegex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", addsPrefixSpace},
          {"trim_offsets", trimsOffsets},
          {"use_regex", usesRegex}};
}

Json patternJson(std::string_view pattern, bool isRegex) {
  return {{isRegex ? "Regex" : "String", pattern}};
}

Json metaspaceJson(std::string_view replacement, PrependScheme prepend, bool splits) {
  return {{"type", "Metaspace"},
          {"replacement", replacement},
          {"prepend_scheme", nameOf(prepend)},
          {"split", splits}};
}

Json toJson(const NormalizerStep& step) {
  using Kind = NormalizerStep::Kind;
  switch (step.kind) {
    case Kind::kNfc:
      return {{"type", "NFC"}};
    case Kind::kNfd:
      return {{"type", "NFD"}};
    case Kind::kNfkc:
      return {{"type", "NFKC"}};
    case Kind::kNfkd:
      return {{"type", "NFKD"}};
    case Kind::kLowercase:
      return {{"type", "Lowercase"}};
    case Kind::kStrip:
      return {
          {"type", "Strip"}, {"strip_left", step.stripsLeft}, {"strip_right", step.stripsRight}};
    case Kind::kPrepend:
      return {{"type", "Prepend"}, {"prepend", step.content}};
    case Kind::kReplaceString:
    case Kind::kReplaceRegex:
      return {{"type", "Replace"},
              {"pattern", patternJson(step.pattern, step.kind == Kind::kReplaceRegex)},
              {"content", step.content}};
  }
  return nullptr;
}

Json toJson(const PretokenizerStep& step) {
  using Kind = PretokenizerStep::Kind;
  switch (step.kind) {
    case Kind::kSplitRegex:
    case Kind::kSplitString:
      return {{"type", "Split"},
              {"pattern", patternJson(step.pattern, step.kind == Kind::kSplitRegex)},
              {"behavior", nameOf(step.behavior)},
              {"invert", step.isInverted}};
    case Kind::kByteLevel:
      return byteLevelJson(step.addsPrefixSpace, step.trimsOffsets, step.usesRegex);
    case Kind::kDigits:
      return {{"type", "Digits"}, {"individual_digits", step.splitsEachDigit}};
    case Kind::kMetaspace:
      return metaspaceJson(step.pattern, step.prepend, step.splits);
    case Kind::kWhitespace:
      return {{"type", "Whitespace"}};
    case Kind::kWhitespaceSplit:
      return {{"type", "WhitespaceSplit"}};
    case Kind::kPunctuation:
      return {{"type", "Punctuation"}, {"behavior", nameOf(step.behavior)}};
  }
  return nullptr;
}

Json toJson(const DecoderStep& step) {
  using Kind = DecoderStep::Kind;
  switch (step.kind) {
    case Kind::kByteLevel:
      return byteLevelJson(true, true, true);
    case Kind::kByteFallback:
      return {{"type", "ByteFallback"}};
    case Kind::kFuse:
      return {{"type", "Fuse"}};
    case Kind::kStrip:
      return {
          {"type", "Strip"}, {"content", step.content}, {"start", step.start}, {"stop", step.stop}};
    case Kind::kReplaceString:
    case Kind::kReplaceRegex:
      return {{"type", "Replace"},
              {"pattern", patternJson(step.pattern, step.kind == Kind::kReplaceRegex)},
              {"content", step.content}};
    case Kind::kMetaspace:
      return metaspaceJson(step.pattern, step.prepend, step.splits);
  }
  return nullptr;
}

// null, the one step, or a Sequence.
template <typename Step>
Json sequence(const std::vector<Step>& steps, const char* key) {
  if (steps.empty()) return nullptr;
  if (steps.size() == 1) return toJson(steps[0]);
  Json list = Json::array();
  for (const Step& step : steps) list.push_back(toJson(step));
  return {{"type", "Sequence"}, {key, std::move(list)}};
}

int32_t idOf(const TokenizerDefinition& definition, std::string_view token) {
  for (const AddedToken& added : definition.addedTokens)
    if (added.content == token) return added.id;
  const auto& tokens = definition.model.tokens;
  const auto found = std::find(tokens.begin(), tokens.end(), token);
  return found == tokens.end() ? 0 : static_cast<int32_t>(found - tokens.begin());
}

Json templateJson(const TokenizerDefinition& definition) {
  const auto special = [](std::string_view token, int typeId) -> Json {
    return {{"SpecialToken", {{"id", token}, {"type_id", typeId}}}};
  };
  const auto text = [](const char* id, int typeId) -> Json {
    return {{"Sequence", {{"id", id}, {"type_id", typeId}}}};
  };
  const TemplateDefinition& made = definition.postProcessor;
  Json single = Json::array();
  Json pair = Json::array();
  Json tokens = Json::object();
  for (const bool isSecond : {false, true}) {
    const auto put = [&](const Json& value) {
      if (!isSecond) single.push_back(value);
      pair.push_back(value);
    };
    for (const auto& token : made.before) put(special(token, isSecond ? 1 : 0));
    put(text(isSecond ? "B" : "A", isSecond ? 1 : 0));
    for (const auto& token : made.after) put(special(token, isSecond ? 1 : 0));
  }
  for (const auto* list : {&made.before, &made.after})
    for (const auto& token : *list)
      tokens[token] = {{"id", token}, {"ids", {idOf(definition, token)}}, {"tokens", {token}}};
  return {{"type", "TemplateProcessing"},
          {"single", std::move(single)},
          {"pair", std::move(pair)},
          {"special_tokens", std::move(tokens)}};
}

Json postProcessorJson(const TokenizerDefinition& definition) {
  const bool hasTemplate = definition.postProcessor.isPresent;
  const Json byteLevel = byteLevelJson(true, false, true);
  if (!hasTemplate) return definition.hasByteLevelPostProcessor ? byteLevel : Json(nullptr);
  if (!definition.hasByteLevelPostProcessor) return templateJson(definition);
  return {{"type", "Sequence"}, {"processors", Json::array({byteLevel, templateJson(definition)})}};
}

Json addedTokensJson(const TokenizerDefinition& definition) {
  Json list = Json::array();
  for (const AddedToken& token : definition.addedTokens)
    list.push_back({{"id", token.id},
                    {"content", token.content},
                    {"single_word", token.isSingleWord},
                    {"lstrip", token.stripsLeft},
                    {"rstrip", token.stripsRight},
                    {"normalized", token.isNormalized},
                    {"special", token.isSpecial}});
  return list;
}

std::string optionalJson(const std::optional<std::string>& text) {
  return text ? jsonString(*text) : "null";
}

// By hand: a JSON object of 100,000 keys is slow to build, and of no use afterwards.
void appendVocabulary(const BpeModel& model, std::string& out) {
  out += "    \"vocab\": {";
  bool isFirst = true;
  for (size_t id = 0; id < model.tokens.size(); ++id) {
    if (!model.tokens[id]) continue;
    out += isFirst ? "\n      " : ",\n      ";
    out += jsonString(*model.tokens[id]) + ": " + std::to_string(id);
    isFirst = false;
  }
  out += isFirst ? "},\n" : "\n    },\n";
}

void appendMerges(const BpeModel& model, std::string& out) {
  const auto token = [&](int32_t id) -> const std::string& {
    return *model.tokens[static_cast<size_t>(id)];
  };
  // A token that holds a space cannot be told apart in the old spelling.
  const bool asPairs = model.writesMergesAsPairs ||
                       std::any_of(model.tokens.begin(), model.tokens.end(), [](const auto& text) {
                         return text && text->find(' ') != std::string::npos;
                       });
  out += "    \"merges\": [";
  bool isFirst = true;
  for (const BpeMerge& merge : model.merges) {
    out += isFirst ? "\n      " : ",\n      ";
    isFirst = false;
    if (asPairs)
      out += "[\n        " + jsonString(token(merge.left)) + ",\n        " +
             jsonString(token(merge.right)) + "\n      ]";
    else
      out += jsonString(token(merge.left) + " " + token(merge.right));
  }
  out += isFirst ? "]\n" : "\n    ]\n";
}

void appendModel(const BpeModel& model, std::string& out) {
  const auto boolean = [](bool value) { return value ? "true" : "false"; };
  out += "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n";
  out += "    \"unk_token\": " + optionalJson(model.unknownToken) + ",\n";
  out += "    \"continuing_subword_prefix\": " + optionalJson(model.continuingSubwordPrefix) +
         ",\n    \"end_of_word_suffix\": " + optionalJson(model.endOfWordSuffix) + ",\n";
  out += std::string("    \"fuse_unk\": ") + boolean(model.fusesUnknown) + ",\n";
  out += std::string("    \"byte_fallback\": ") + boolean(model.hasByteFallback) + ",\n";
  if (model.ignoresMerges || model.hasExplicitIgnore)
    out += std::string("    \"ignore_merges\": ") + boolean(model.ignoresMerges) + ",\n";
  appendVocabulary(model, out);
  appendMerges(model, out);
  out += "  }\n";
}

// A token as tokenizer_config.json and special_tokens_map.json list it.
void putNamedTokens(const TokenizerDefinition& definition, Json& config) {
  const std::pair<const char*, const std::string*> named[] = {{"bos_token", &definition.bosToken},
                                                              {"eos_token", &definition.eosToken},
                                                              {"pad_token", &definition.padToken},
                                                              {"unk_token", &definition.unkToken}};
  for (const auto& [key, token] : named)
    if (!token->empty()) config[key] = *token;
}

Json tokenizerConfig(const TokenizerDefinition& definition) {
  Json added = Json::object();
  for (const AddedToken& token : definition.addedTokens)
    added[std::to_string(token.id)] = {
        {"content", token.content},          {"lstrip", token.stripsLeft},
        {"normalized", token.isNormalized},  {"rstrip", token.stripsRight},
        {"single_word", token.isSingleWord}, {"special", token.isSpecial}};
  Json config = {{"added_tokens_decoder", std::move(added)}};
  putNamedTokens(definition, config);
  config["clean_up_tokenization_spaces"] = false;
  // Other class names make `transformers` rebuild the pipeline instead of reading tokenizer.json.
  config["tokenizer_class"] = "PreTrainedTokenizerFast";
  return config;
}

}  // namespace

std::string writeHfTokenizer(const TokenizerDefinition& definition) {
  std::string out = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n";
  const auto put = [&](const char* key, const Json& value) {
    out += std::string("  \"") + key + "\": " + pretty(value, 2) + ",\n";
  };
  put("added_tokens", addedTokensJson(definition));
  put("normalizer", sequence(definition.normalizer, "normalizers"));
  put("pre_tokenizer", sequence(definition.pretokenizer, "pretokenizers"));
  put("post_processor", postProcessorJson(definition));
  put("decoder", sequence(definition.decoder, "decoders"));
  appendModel(definition.model, out);
  out += "}\n";
  return out;
}

Result<void> writeHfTokenizerFolder(const TokenizerDefinition& definition,
                                    const std::filesystem::path& folder) {
  return fillFolder(folder, [&](const std::filesystem::path& place) -> Result<void> {
    Json map = Json::object();
    putNamedTokens(definition, map);
    Z2_TRY_VOID(writeJsonFile(place / "special_tokens_map.json", map));
    Z2_TRY_VOID(writeTokenizerConfig(place, tokenizerConfig(definition)));
    return replaceFile(place / "tokenizer.json", writeHfTokenizer(definition));
  });
}

TokenizerDefinition byteLevelDefinition(BpeModel model, std::vector<AddedToken> addedTokens,
                                        std::string_view patternName) {
  TokenizerDefinition definition;
  definition.model = std::move(model);
  definition.addedTokens = std::move(addedTokens);
  if (patternName == "qwen2") definition.normalizer.push_back({});
  definition.pretokenizer = namedPretokenizer(patternName);
  definition.decoder.push_back({});
  definition.hasByteLevelPostProcessor = true;
  return definition;
}

}  // namespace z2
