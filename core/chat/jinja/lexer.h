#pragma once

// A template's source as tokens, with the whitespace control of Jinja and its options trim_blocks
// and lstrip_blocks on, as transformers renders chat templates.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/chat/jinja/syntax.h"

namespace z2::jinja {

enum class TokenKind {
  kText,           // between tags, as it is printed
  kBlockBegin,     // {%
  kBlockEnd,       // %}
  kVariableBegin,  // {{
  kVariableEnd,    // }}
  kName,
  kString,  // value: after its escapes
  kInteger,
  kReal,
  kOperator,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string value;
  Position at;
};

// `where` names the template in errors, which are kBadInput at "where:line:column". The last token
// is kEnd.
[[nodiscard]] Result<std::vector<Token>> tokenize(std::string_view source, std::string_view where);

// "where:line:column".
[[nodiscard]] std::string placeOf(std::string_view where, Position at);

// Whether Python's str.strip() and \s take this character.
[[nodiscard]] bool isSpace(char32_t codePoint);
// Bytes of whitespace at either end.
[[nodiscard]] size_t leadingSpace(std::string_view text);
[[nodiscard]] size_t trailingSpace(std::string_view text);

}  // namespace z2::jinja
