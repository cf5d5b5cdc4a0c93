#include "core/chat/jinja/parser.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/expression_parser.h"
#include "core/chat/jinja/lexer.h"
#include "core/chat/jinja/token_stream.h"

namespace z2::jinja {

namespace {

constexpr int kMostNestedBlocks = 60;

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::string_view where)
      : tokens_(std::move(tokens), where), expressions_(tokens_) {}

  Result<Body> run() {
    Z2_TRY(Body body, parseBody({}));
    if (!tokens_.sees(TokenKind::kEnd))
      return tokens_.fail(tokens_.peek(1).at,
                          fmt::format("{{% {} %}} closes nothing", tokens_.peek(1).value));
    return body;
  }

 private:
  using Ends = std::initializer_list<std::string_view>;

  [[nodiscard]] Result<Body> parseBody(Ends ends);
  // After {% name: the rest of the tag and its body.
  [[nodiscard]] Result<Statement> parseTag();
  [[nodiscard]] Result<void> parseIf(Statement& statement);
  [[nodiscard]] Result<void> parseFor(Statement& statement);
  [[nodiscard]] Result<void> parseSet(Statement& statement);
  [[nodiscard]] Result<void> parseMacro(Statement& statement);
  [[nodiscard]] Result<void> parseFilterBlock(Statement& statement);
  [[nodiscard]] Result<void> parseGeneration(Statement& statement);
  [[nodiscard]] Result<void> parseTargets(Statement& statement, bool mayBeAttribute);
  [[nodiscard]] Result<void> parseClosing(std::string_view name);
  [[nodiscard]] bool seesTag(Ends names) const;
  [[nodiscard]] Result<void> endTag() { return tokens_.expect(TokenKind::kBlockEnd); }

  TokenStream tokens_;
  ExpressionParser expressions_;
  int depth_ = 0;
  int loops_ = 0;
};

bool Parser::seesTag(Ends names) const {
  return tokens_.sees(TokenKind::kBlockBegin) && tokens_.peek(1).kind == TokenKind::kName &&
         std::find(names.begin(), names.end(), tokens_.peek(1).value) != names.end();
}

// Until a tag of that name, which is left in place, or the end. A tag that ends another block is
// left in place as well.
Result<Body> Parser::parseBody(Ends ends) {
  if (++depth_ > kMostNestedBlocks)
    return tokens_.fail(tokens_.peek().at, "the blocks are nested too deep");
  Body body;
  while (!tokens_.sees(TokenKind::kEnd) && !seesTag(ends)) {
    Statement statement;
    statement.at = tokens_.peek().at;
    if (tokens_.sees(TokenKind::kText)) {
      statement.text = tokens_.next().value;
    } else if (tokens_.sees(TokenKind::kVariableBegin)) {
      tokens_.next();
      statement.kind = StatementKind::kOutput;
      Z2_TRY(statement.expression, expressions_.parseTuple(true));
      Z2_TRY_VOID(tokens_.expect(TokenKind::kVariableEnd));
    } else if (seesTag({"endif", "endfor", "endset", "endmacro", "endfilter", "endgeneration",
                        "else", "elif"})) {
      break;
    } else {
      Z2_TRY(statement, parseTag());
    }
    body.push_back(std::move(statement));
  }
  --depth_;
  return body;
}

Result<Statement> Parser::parseTag() {
  tokens_.next();
  Statement statement;
  statement.at = tokens_.peek().at;
  Z2_TRY(const std::string name, tokens_.expectName("the name of a tag"));
  const auto finish = [&](Result<void> outcome) -> Result<Statement> {
    if (!outcome) return tl::unexpected(std::move(outcome).error());
    return std::move(statement);
  };
  if (name == "if") return finish(parseIf(statement));
  if (name == "for") return finish(parseFor(statement));
  if (name == "set") return finish(parseSet(statement));
  if (name == "macro") return finish(parseMacro(statement));
  if (name == "filter") return finish(parseFilterBlock(statement));
  if (name == "generation") return finish(parseGeneration(statement));
  if (name == "break" || name == "continue") {
    if (loops_ == 0) return tokens_.fail(statement.at, fmt::format("{} stands in no loop", name));
    statement.kind = name == "break" ? StatementKind::kBreak : StatementKind::kContinue;
    return finish(endTag());
  }
  return tokens_.fail(statement.at, fmt::format("the tag {{% {} %}} is not known", name),
                      "Known are if, for, set, macro, filter, raw, generation, break and continue");
}

Result<void> Parser::parseClosing(std::string_view name) {
  if (!seesTag({name})) {
    if (tokens_.sees(TokenKind::kEnd))
      return tokens_.fail(tokens_.peek().at, fmt::format("{{% {} %}} is missing", name));
    return tokens_.fail(tokens_.peek(1).at, fmt::format("{{% {} %}} is expected, but {{% {} %}} "
                                                        "stands here",
                                                        name, tokens_.peek(1).value));
  }
  tokens_.next();
  tokens_.next();
  return endTag();
}

Result<void> Parser::parseIf(Statement& statement) {
  statement.kind = StatementKind::kIf;
  Z2_TRY(ExpressionPointer condition, expressions_.parse());
  while (true) {
    Z2_TRY_VOID(endTag());
    Z2_TRY(Body body, parseBody({"elif", "else", "endif"}));
    const bool isElse = !condition;
    statement.branches.push_back({std::move(condition), std::move(body)});
    if (isElse || (!seesTag({"elif"}) && !seesTag({"else"}))) return parseClosing("endif");
    const bool isElif = seesTag({"elif"});
    tokens_.next();
    tokens_.next();
    condition = nullptr;
    if (isElif) {
      Z2_TRY(condition, expressions_.parse());
    }
  }
}

Result<void> Parser::parseTargets(Statement& statement, bool mayBeAttribute) {
  const bool isInParentheses = tokens_.takeOperator("(");
  do {
    Target target;
    Z2_TRY(target.name, tokens_.expectName("a name"));
    if (mayBeAttribute && tokens_.takeOperator(".")) {
      Z2_TRY(target.attribute, tokens_.expectName("a name after '.'"));
    }
    statement.targets.push_back(std::move(target));
  } while (tokens_.takeOperator(","));
  return isInParentheses ? tokens_.expectOperator(")") : Result<void>{};
}

Result<void> Parser::parseFor(Statement& statement) {
  statement.kind = StatementKind::kFor;
  Z2_TRY_VOID(parseTargets(statement, false));
  if (!tokens_.takeName("in")) return tokens_.unexpected("'in'");
  Z2_TRY(statement.expression, expressions_.parseTuple(false));
  if (tokens_.takeName("if")) {
    Z2_TRY(statement.condition, expressions_.parse());
  }
  if (tokens_.seesName("recursive"))
    return tokens_.fail(tokens_.peek().at, "recursive loops are not supported",
                        "Write a macro that calls itself");
  Z2_TRY_VOID(endTag());
  ++loops_;
  Z2_TRY(statement.body, parseBody({"else", "endfor"}));
  --loops_;
  if (seesTag({"else"})) {
    tokens_.next();
    tokens_.next();
    Z2_TRY_VOID(endTag());
    Z2_TRY(statement.orElse, parseBody({"endfor"}));
  }
  return parseClosing("endfor");
}

Result<void> Parser::parseSet(Statement& statement) {
  Z2_TRY_VOID(parseTargets(statement, true));
  if (tokens_.takeOperator("=")) {
    statement.kind = StatementKind::kSet;
    Z2_TRY(statement.expression, expressions_.parseTuple(true));
    return endTag();
  }
  statement.kind = StatementKind::kSetBlock;
  if (statement.targets.size() != 1) return tokens_.unexpected("'='");
  statement.expression = std::make_unique<Expression>();
  statement.expression->kind = ExpressionKind::kName;
  if (tokens_.takeOperator("|")) {
    Z2_TRY(statement.expression, expressions_.parseFilters(std::move(statement.expression)));
  }
  Z2_TRY_VOID(endTag());
  Z2_TRY(statement.body, parseBody({"endset"}));
  return parseClosing("endset");
}

Result<void> Parser::parseMacro(Statement& statement) {
  statement.kind = StatementKind::kMacro;
  Z2_TRY(statement.text, tokens_.expectName("the name of the macro"));
  Z2_TRY_VOID(tokens_.expectOperator("("));
  while (!tokens_.takeOperator(")")) {
    if (!statement.targets.empty()) Z2_TRY_VOID(tokens_.expectOperator(","));
    Target target;
    Z2_TRY(target.name, tokens_.expectName("the name of an argument"));
    statement.targets.push_back(std::move(target));
    if (tokens_.takeOperator("=")) {
      Z2_TRY(ExpressionPointer initial, expressions_.parse());
      statement.defaults.push_back(std::move(initial));
    } else if (!statement.defaults.empty()) {
      return tokens_.fail(tokens_.peek().at, "an argument without a default follows one with one");
    }
  }
  Z2_TRY_VOID(endTag());
  const int loops = std::exchange(loops_, 0);
  Z2_TRY(statement.body, parseBody({"endmacro"}));
  loops_ = loops;
  return parseClosing("endmacro");
}

Result<void> Parser::parseFilterBlock(Statement& statement) {
  statement.kind = StatementKind::kFilterBlock;
  statement.expression = std::make_unique<Expression>();
  statement.expression->kind = ExpressionKind::kName;
  Z2_TRY(statement.expression, expressions_.parseFilters(std::move(statement.expression)));
  Z2_TRY_VOID(endTag());
  Z2_TRY(statement.body, parseBody({"endfilter"}));
  return parseClosing("endfilter");
}

Result<void> Parser::parseGeneration(Statement& statement) {
  statement.kind = StatementKind::kGeneration;
  Z2_TRY_VOID(endTag());
  Z2_TRY(statement.body, parseBody({"endgeneration"}));
  return parseClosing("endgeneration");
}

}  // namespace

Result<Body> parse(std::string_view source, std::string_view where) {
  Z2_TRY(std::vector<Token> tokens, tokenize(source, where));
  return Parser(std::move(tokens), where).run();
}

}  // namespace z2::jinja
