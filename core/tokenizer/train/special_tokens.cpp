#include "core/tokenizer/train/special_tokens.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace z2 {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> kEndNames = {"<|endoftext|>", "<|end_of_text|>", "</s>",
                                                       "<eos>", "[EOS]"};
constexpr std::array<std::string_view, 5> kBeginNames = {"<s>", "<|begin_of_text|>",
                                                         "<|startoftext|>", "<bos>", "[BOS]"};
constexpr std::array<std::string_view, 4> kPadNames = {"<pad>", "<|pad|>", "<|padding|>", "[PAD]"};
constexpr std::array<std::string_view, 3> kUnknownNames = {"<unk>", "<|unk|>", "[UNK]"};

// The first of the names that is among the tokens; empty when none is.
std::string firstOf(Names names, const std::vector<std::string>& tokens) {
  for (const std::string_view name : names)
    if (std::find(tokens.begin(), tokens.end(), name) != tokens.end()) return std::string(name);
  return {};
}

std::string endOfText(const std::vector<std::string>& tokens) {
  std::string named = firstOf(kEndNames, tokens);
  return named.empty() && tokens.size() == 1 ? tokens.front() : named;
}

}  // namespace

std::vector<std::string> withEndOfText(const std::vector<std::string>& given) {
  std::vector<std::string> tokens;
  for (const std::string& token : given)
    if (std::find(tokens.begin(), tokens.end(), token) == tokens.end()) tokens.push_back(token);
  if (endOfText(tokens).empty()) tokens.emplace_back(kDefaultEndOfText);
  return tokens;
}

void assignRoles(const std::vector<std::string>& tokens, TokenizerDefinition& definition) {
  definition.bosToken = firstOf(kBeginNames, tokens);
  definition.eosToken = endOfText(tokens);
  definition.padToken = firstOf(kPadNames, tokens);
  definition.unkToken = firstOf(kUnknownNames, tokens);
}

}  // namespace z2
