#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/io/json.h"
#include "core/io/limits.h"
#include "core/tokenizer/hf_json.h"
#include "core/tokenizer/hf_json_parts.h"
#include "core/tokenizer/json_view.h"

namespace z2 {

namespace {

using Vocabulary = std::unordered_map<std::string_view, int32_t>;  // views of the document

Result<int32_t> tokenId(const simdjson::dom::element& value, const std::string& where) {
  Z2_TRY(const int64_t id, JsonView(value, where).integer(limits::kVocabulary));
  return static_cast<int32_t>(id);
}

Result<Vocabulary> parseVocabulary(const JsonView& model, BpeModel& made) {
  Z2_TRY(const JsonView part, model.require("vocab"));
  Z2_TRY(const simdjson::dom::object entries, part.object());
  Vocabulary vocabulary;
  vocabulary.reserve(entries.size());
  int32_t largest = -1;
  for (const auto& [key, value] : entries) {
    if (key.size() > limits::kStringBytes) return badInput(part.where(), "a token is too long");
    Z2_TRY(const int32_t id, tokenId(value, part.where() + "[\"" + std::string(key) + "\"]"));
    if (!vocabulary.emplace(key, id).second)
      return badInput(part.where(), "the token \"" + std::string(key) + "\" stands there twice");
    largest = std::max(largest, id);
  }
  made.tokens.resize(static_cast<size_t>(largest) + 1);
  for (const auto& [token, id] : vocabulary) {
    auto& slot = made.tokens[static_cast<size_t>(id)];
    if (slot)
      return badInput(part.where(), "the id " + std::to_string(id) + " belongs to two tokens, \"" +
                                        *slot + "\" and \"" + std::string(token) + "\"");
    slot.emplace(token);
  }
  return vocabulary;
}

// "a b", or ["a", "b"].
Result<std::pair<std::string_view, std::string_view>> parseMerge(
    const simdjson::dom::element& element, const std::string& where, bool& isPair) {
  const auto refuse = [&] { return badInput(where, "this is not a pair of tokens"); };
  std::string_view line;
  if (element.get(line) == simdjson::SUCCESS) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
      return refuse();
    return std::pair(line.substr(0, space), line.substr(space + 1));
  }
  simdjson::dom::array pair;
  std::string_view left;
  std::string_view right;
  if (element.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
      pair.at(0).get(left) != simdjson::SUCCESS || pair.at(1).get(right) != simdjson::SUCCESS)
    return refuse();
  isPair = true;
  return std::pair(left, right);
}

Result<void> parseMerges(const JsonView& model, const Vocabulary& vocabulary, BpeModel& made) {
  Z2_TRY(const JsonView part, model.require("merges"));
  Z2_TRY(const simdjson::dom::array entries, part.array());
  // simdjson's size() saturates; the count below is what is compared.
  made.merges.reserve(std::min<size_t>(entries.size(), limits::kMerges));
  const size_t prefix = made.continuingSubwordPrefix ? made.continuingSubwordPrefix->size() : 0;
  std::string joined;
  for (const simdjson::dom::element entry : entries) {
    const std::string where = part.where() + "[" + std::to_string(made.merges.size()) + "]";
    if (made.merges.size() == limits::kMerges) return badInput(where, "there are too many merges");
    std::string_view line;
    if (entry.get(line) == simdjson::SUCCESS && line.starts_with("#version")) continue;
    Z2_TRY(const auto pair, parseMerge(entry, where, made.writesMergesAsPairs));
    const auto [left, right] = pair;
    if (right.size() < prefix) return badInput(where, "the right part lacks the subword prefix");
    joined.assign(left).append(right.substr(prefix));
    BpeMerge merge;
    for (const auto& [token, id] : {std::pair(left, &merge.left), std::pair(right, &merge.right),
                                    std::pair(std::string_view(joined), &merge.result)}) {
      const auto found = vocabulary.find(token);
      if (found == vocabulary.end())
        return badInput(where, "\"" + std::string(token) + "\" is not in the vocabulary");
      *id = found->second;
    }
    made.merges.push_back(merge);
  }
  return {};
}

Result<BpeModel> parseModel(const JsonView& model) {
  // Files from before 2020 leave the type out.
  Z2_TRY(const std::string type, model.stringOr("type", "BPE"));
  if (type != "BPE")
    return badInput(model.where(), "a model of type \"" + type + "\" is not supported",
                    "Use a byte-pair-encoding (BPE) tokenizer");
  if (const auto dropout = model.find("dropout")) {
    double value = 0;
    if (dropout->element().get(value) != simdjson::SUCCESS || value != 0)
      return badInput(dropout->where(), "BPE dropout is not supported", "Set it to null");
  }
  BpeModel made;
  const auto optionalString = [&](std::string_view key,
                                  std::optional<std::string>& value) -> Result<void> {
    const auto found = model.find(key);
    if (!found) return {};
    Z2_TRY(const std::string_view text, found->string());
    // An empty prefix or suffix is none, an empty unknown token is a mistake of old exporters.
    if (!text.empty()) value.emplace(text);
    return {};
  };
  Z2_TRY_VOID(optionalString("unk_token", made.unknownToken));
  Z2_TRY_VOID(optionalString("continuing_subword_prefix", made.continuingSubwordPrefix));
  Z2_TRY_VOID(optionalString("end_of_word_suffix", made.endOfWordSuffix));
  Z2_TRY(made.fusesUnknown, model.booleanOr("fuse_unk", false));
  Z2_TRY(made.hasByteFallback, model.booleanOr("byte_fallback", false));
  Z2_TRY(made.ignoresMerges, model.booleanOr("ignore_merges", false));
  made.hasExplicitIgnore = model.find("ignore_merges").has_value();
  Z2_TRY(const Vocabulary vocabulary, parseVocabulary(model, made));
  Z2_TRY_VOID(parseMerges(model, vocabulary, made));
  return made;
}

Result<std::vector<AddedToken>> parseAddedTokens(const JsonView& root) {
  std::vector<AddedToken> tokens;
  const auto part = root.find("added_tokens");
  if (!part) return tokens;
  Z2_TRY(const auto entries, part->array());
  for (const simdjson::dom::element entry : entries) {
    const JsonView view(entry, part->where() + "[" + std::to_string(tokens.size()) + "]");
    if (tokens.size() == limits::kAddedTokens)
      return badInput(view.where(), "there are too many added tokens");
    AddedToken token;
    Z2_TRY(const JsonView idPart, view.require("id"));
    Z2_TRY(token.id, tokenId(idPart.element(), idPart.where()));
    Z2_TRY(token.content, view.requireString("content"));
    Z2_TRY(token.isSingleWord, view.booleanOr("single_word", false));
    Z2_TRY(token.stripsLeft, view.booleanOr("lstrip", false));
    Z2_TRY(token.stripsRight, view.booleanOr("rstrip", false));
    Z2_TRY(token.isSpecial, view.booleanOr("special", false));
    Z2_TRY(token.isNormalized, view.booleanOr("normalized", !token.isSpecial));
    tokens.push_back(std::move(token));
  }
  std::stable_sort(tokens.begin(), tokens.end(),
                   [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  return tokens;
}

// "<s>", or {"content": "<s>", …}.
Result<void> readNamedToken(const Json& config, const std::string& where, const char* key,
                            std::string& token) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return {};
  const Json& named =
      found->is_object() && found->contains("content") ? (*found)["content"] : *found;
  if (!named.is_string()) return badInput(where + ": " + key, "this is not a token");
  token = named.get<std::string>();
  return {};
}

}  // namespace

Result<TokenizerDefinition> parseHfTokenizer(std::string_view text, std::string_view where) {
  Z2_TRY(const JsonDocument document, JsonDocument::parse(text, where));
  const JsonView& root = document.root();
  TokenizerDefinition definition;
  Z2_TRY(const JsonView model, root.require("model"));
  Z2_TRY(definition.model, parseModel(model));
  Z2_TRY(definition.addedTokens, parseAddedTokens(root));
  Z2_TRY(definition.normalizer, parseNormalizer(root.find("normalizer")));
  Z2_TRY(definition.pretokenizer, parsePretokenizer(root.find("pre_tokenizer")));
  Z2_TRY(definition.decoder, parseDecoder(root.find("decoder")));
  Z2_TRY_VOID(parsePostProcessor(root.find("post_processor"), definition));
  return definition;
}

Result<void> readHfTokenizerConfig(const std::filesystem::path& folder,
                                   TokenizerDefinition& definition) {
  for (const char* name : {"special_tokens_map.json", "tokenizer_config.json"}) {
    const std::filesystem::path path = folder / name;
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) continue;
    // Not simdjson: model_max_length is often a number of 31 digits.
    Z2_TRY(const Json config, readJsonFile(path));
    if (!config.is_object()) return badInput(path.native(), "this is not a JSON object");
    Z2_TRY_VOID(readNamedToken(config, path.native(), "bos_token", definition.bosToken));
    Z2_TRY_VOID(readNamedToken(config, path.native(), "eos_token", definition.eosToken));
    Z2_TRY_VOID(readNamedToken(config, path.native(), "pad_token", definition.padToken));
    Z2_TRY_VOID(readNamedToken(config, path.native(), "unk_token", definition.unkToken));
  }
  return {};
}

}  // namespace z2
