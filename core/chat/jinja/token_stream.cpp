#include "core/chat/jinja/token_stream.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace z2::jinja {

namespace {

std::string described(const Token& token) {
  switch (token.kind) {
    case TokenKind::kText:
      return "text";
    case TokenKind::kBlockBegin:
      return "{%";
    case TokenKind::kBlockEnd:
      return "%}";
    case TokenKind::kVariableBegin:
      return "{{";
    case TokenKind::kVariableEnd:
      return "}}";
    case TokenKind::kString:
      return "a string";
    case TokenKind::kEnd:
      return "the end";
    default:
      return "'" + token.value + "'";
  }
}

}  // namespace

Result<void> TokenStream::expectOperator(std::string_view value) {
  if (takeOperator(value)) return {};
  return unexpected(fmt::format("'{}'", value));
}

Result<std::string> TokenStream::expectName(std::string_view what) {
  if (!sees(TokenKind::kName)) return unexpected(what);
  return next().value;
}

Result<void> TokenStream::expect(TokenKind kind) {
  if (!sees(kind)) return unexpected(described({kind, {}, {}}));
  next();
  return {};
}

tl::unexpected<Error> TokenStream::fail(Position at, std::string what, std::string fix) const {
  return badInput(placeOf(where_, at), std::move(what), std::move(fix));
}

tl::unexpected<Error> TokenStream::unexpected(std::string_view expected) const {
  return fail(peek().at,
              fmt::format("{} is expected, but {} stands here", expected, described(peek())));
}

}  // namespace z2::jinja
