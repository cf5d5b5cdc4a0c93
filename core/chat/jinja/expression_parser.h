#pragma once

// Expressions of the template language.

#include "core/base/error.h"
#include "core/chat/jinja/syntax.h"
#include "core/chat/jinja/token_stream.h"

namespace z2::jinja {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}

  [[nodiscard]] Result<ExpressionPointer> parse();
  // Without "a if b else c": what stands between `in` and `if` of a for.
  [[nodiscard]] Result<ExpressionPointer> parseWithoutCondition();
  // One or several expressions with commas between them; several are a list.
  [[nodiscard]] Result<ExpressionPointer> parseTuple(bool hasConditions);
  // Filters behind `input`, first name included: `name(…)|name(…)`.
  [[nodiscard]] Result<ExpressionPointer> parseFilters(ExpressionPointer input);

 private:
  using Parse = Result<ExpressionPointer> (ExpressionParser::*)();

  [[nodiscard]] Result<ExpressionPointer> parseConditional();
  [[nodiscard]] Result<ExpressionPointer> parseOr();
  [[nodiscard]] Result<ExpressionPointer> parseAnd();
  [[nodiscard]] Result<ExpressionPointer> parseNot();
  [[nodiscard]] Result<ExpressionPointer> parseComparison();
  [[nodiscard]] Result<ExpressionPointer> parseSum();
  [[nodiscard]] Result<ExpressionPointer> parseConcatenation();
  [[nodiscard]] Result<ExpressionPointer> parseProduct();
  [[nodiscard]] Result<ExpressionPointer> parsePower();
  [[nodiscard]] Result<ExpressionPointer> parseUnary(bool hasFilters);
  [[nodiscard]] Result<ExpressionPointer> parsePrimary();
  [[nodiscard]] Result<ExpressionPointer> parseName();
  [[nodiscard]] Result<ExpressionPointer> parseNumber();
  [[nodiscard]] Result<ExpressionPointer> parseParenthesis();
  [[nodiscard]] Result<ExpressionPointer> parseList();
  [[nodiscard]] Result<ExpressionPointer> parseDict();
  [[nodiscard]] Result<ExpressionPointer> parsePostfix(ExpressionPointer object);
  [[nodiscard]] Result<ExpressionPointer> parseSubscript(ExpressionPointer object, Position at);
  [[nodiscard]] Result<ExpressionPointer> parseFiltersAndTests(ExpressionPointer input);
  [[nodiscard]] Result<ExpressionPointer> parseTest(ExpressionPointer input);
  [[nodiscard]] Result<void> parseArguments(Expression& call);
  // left-associative: operand (operator operand)*
  template <typename Operators>
  [[nodiscard]] Result<ExpressionPointer> parseChain(Parse operand, const Operators& operators);

  [[nodiscard]] Result<void> checkDepth(const Expression& node) const;
  // Counts how deep calls are nested; a template that nests deeper is refused.
  class Nesting;

  TokenStream& tokens_;
  int depth_ = 0;
};

}  // namespace z2::jinja
