#pragma once

// Which of a trained tokenizer's special tokens begins, ends or pads a text. They are known by
// their usual names; every trained tokenizer has a token that ends documents.

#include <string>
#include <vector>

#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

inline constexpr std::string_view kDefaultEndOfText = "<|endoftext|>";

// `given` without repeats, and with kDefaultEndOfText after them when none of them ends texts:
// that is one with a usual name for it, or the only one.
[[nodiscard]] std::vector<std::string> withEndOfText(const std::vector<std::string>& given);

// Fills bosToken, eosToken, padToken and unkToken of `definition` from names among `tokens`, which
// withEndOfText made.
void assignRoles(const std::vector<std::string>& tokens, TokenizerDefinition& definition);

}  // namespace z2
