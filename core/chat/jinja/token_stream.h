#pragma once

// What both halves of the parser read from.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat/jinja/lexer.h"

namespace z2::jinja {

class TokenStream {
 public:
  TokenStream(std::vector<Token> tokens, std::string_view where)
      : tokens_(std::move(tokens)), where_(where) {}

  [[nodiscard]] const Token& peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& next() {
    const Token& token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  [[nodiscard]] bool sees(TokenKind kind) const { return peek().kind == kind; }
  [[nodiscard]] bool sees(TokenKind kind, std::string_view value) const {
    return sees(kind) && peek().value == value;
  }
  [[nodiscard]] bool seesOperator(std::string_view value) const {
    return sees(TokenKind::kOperator, value);
  }
  [[nodiscard]] bool seesName(std::string_view value) const {
    return sees(TokenKind::kName, value);
  }
  bool takeOperator(std::string_view value) {
    const bool isThere = seesOperator(value);
    if (isThere) next();
    return isThere;
  }
  bool takeName(std::string_view value) {
    const bool isThere = seesName(value);
    if (isThere) next();
    return isThere;
  }
  [[nodiscard]] Result<void> expectOperator(std::string_view value);
  // Any name.
  [[nodiscard]] Result<std::string> expectName(std::string_view what);
  [[nodiscard]] Result<void> expect(TokenKind kind);

  [[nodiscard]] tl::unexpected<Error> fail(Position at, std::string what,
                                           std::string fix = {}) const;
  // "… is expected, but … stands here".
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view expected) const;

 private:
  std::vector<Token> tokens_;
  std::string_view where_;
  size_t at_ = 0;
};

}  // namespace z2::jinja
