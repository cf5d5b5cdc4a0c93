#include "core/chat/jinja/expression_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace z2::jinja {

namespace {

constexpr int kMostNesting = 150;
// Of a tree: long chains are as deep as they are long.
constexpr int kMostDepth = 400;

ExpressionPointer make(ExpressionKind kind, Position at, std::string name = {}) {
  auto made = std::make_unique<Expression>();
  made->kind = kind;
  made->at = at;
  made->name = std::move(name);
  return made;
}

ExpressionPointer makeLiteral(Position at, Value value) {
  auto made = make(ExpressionKind::kLiteral, at);
  made->literal = std::move(value);
  return made;
}

void adopt(Expression& node, ExpressionPointer part) {
  if (part) node.depth = std::max(node.depth, part->depth + 1);
  node.parts.push_back(std::move(part));
}

template <typename... Parts>
ExpressionPointer with(ExpressionPointer node, Parts... parts) {
  (adopt(*node, std::move(parts)), ...);
  return node;
}

}  // namespace

class ExpressionParser::Nesting {
 public:
  explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  [[nodiscard]] bool isTooDeep() const { return depth_ > kMostNesting; }

 private:
  int& depth_;
};

Result<void> ExpressionParser::checkDepth(const Expression& node) const {
  if (node.depth <= kMostDepth) return {};
  return tokens_.fail(node.at, "the expression is too long",
                      "Put a part of it into a variable with {% set %}");
}

Result<ExpressionPointer> ExpressionParser::parse() { return parseConditional(); }

Result<ExpressionPointer> ExpressionParser::parseWithoutCondition() { return parseOr(); }

Result<ExpressionPointer> ExpressionParser::parseTuple(bool hasConditions) {
  const Position at = tokens_.peek().at;
  const auto parseOne = [&] { return hasConditions ? parse() : parseOr(); };
  Z2_TRY(ExpressionPointer first, parseOne());
  if (!tokens_.seesOperator(",")) return first;
  auto list = with(make(ExpressionKind::kTuple, at), std::move(first));
  while (tokens_.takeOperator(",")) {
    const bool isEnd = tokens_.sees(TokenKind::kBlockEnd) ||
                       tokens_.sees(TokenKind::kVariableEnd) || tokens_.seesOperator(")");
    if (isEnd) break;
    Z2_TRY(ExpressionPointer item, parseOne());
    adopt(*list, std::move(item));
  }
  return list;
}

Result<ExpressionPointer> ExpressionParser::parseConditional() {
  const Nesting nesting(depth_);
  const Position at = tokens_.peek().at;
  if (nesting.isTooDeep()) return tokens_.fail(at, "the expression is nested too deep");
  Z2_TRY(ExpressionPointer value, parseOr());
  while (tokens_.takeName("if")) {
    Z2_TRY(ExpressionPointer condition, parseOr());
    ExpressionPointer otherwise;
    if (tokens_.takeName("else")) {
      Z2_TRY(otherwise, parseConditional());
    }
    value = with(make(ExpressionKind::kConditional, at), std::move(condition), std::move(value),
                 std::move(otherwise));
    Z2_TRY_VOID(checkDepth(*value));
  }
  return value;
}

template <typename Operators>
Result<ExpressionPointer> ExpressionParser::parseChain(Parse operand, const Operators& operators) {
  Z2_TRY(ExpressionPointer left, (this->*operand)());
  while (true) {
    const Token& token = tokens_.peek();
    bool isThere = false;
    for (const std::string_view one : operators)
      isThere = isThere || tokens_.seesOperator(one) || tokens_.seesName(one);
    if (!isThere) return left;
    auto node = make(ExpressionKind::kBinary, token.at, token.value);
    tokens_.next();
    Z2_TRY(ExpressionPointer right, (this->*operand)());
    left = with(std::move(node), std::move(left), std::move(right));
    Z2_TRY_VOID(checkDepth(*left));
  }
}

Result<ExpressionPointer> ExpressionParser::parseOr() {
  return parseChain(&ExpressionParser::parseAnd, std::array<std::string_view, 1>{"or"});
}

Result<ExpressionPointer> ExpressionParser::parseAnd() {
  return parseChain(&ExpressionParser::parseNot, std::array<std::string_view, 1>{"and"});
}

Result<ExpressionPointer> ExpressionParser::parseNot() {
  if (!tokens_.seesName("not")) return parseComparison();
  const Nesting nesting(depth_);
  const Position at = tokens_.next().at;
  if (nesting.isTooDeep()) return tokens_.fail(at, "the expression is nested too deep");
  Z2_TRY(ExpressionPointer operand, parseNot());
  return with(make(ExpressionKind::kUnary, at, "not"), std::move(operand));
}

Result<ExpressionPointer> ExpressionParser::parseComparison() {
  constexpr std::array<std::string_view, 6> kOperators = {"==", "!=", "<", "<=", ">", ">="};
  Z2_TRY(ExpressionPointer first, parseSum());
  ExpressionPointer node;
  while (true) {
    std::string name;
    const Position at = tokens_.peek().at;
    for (const std::string_view one : kOperators)
      if (tokens_.seesOperator(one)) name = one;
    if (tokens_.seesName("in")) name = "in";
    if (tokens_.seesName("not") && tokens_.peek(1).kind == TokenKind::kName &&
        tokens_.peek(1).value == "in") {
      tokens_.next();
      name = "not in";
    }
    if (name.empty()) return node ? std::move(node) : std::move(first);
    tokens_.next();
    if (!node) node = with(make(ExpressionKind::kComparison, at), std::move(first));
    node->operators.push_back(name);
    Z2_TRY(ExpressionPointer operand, parseSum());
    adopt(*node, std::move(operand));
  }
}

Result<ExpressionPointer> ExpressionParser::parseSum() {
  return parseChain(&ExpressionParser::parseConcatenation,
                    std::array<std::string_view, 2>{"+", "-"});
}

Result<ExpressionPointer> ExpressionParser::parseConcatenation() {
  return parseChain(&ExpressionParser::parseProduct, std::array<std::string_view, 1>{"~"});
}

Result<ExpressionPointer> ExpressionParser::parseProduct() {
  return parseChain(&ExpressionParser::parsePower,
                    std::array<std::string_view, 4>{"*", "/", "//", "%"});
}

Result<ExpressionPointer> ExpressionParser::parsePower() {
  Z2_TRY(ExpressionPointer left, parseUnary(true));
  while (tokens_.seesOperator("**")) {
    auto node = make(ExpressionKind::kBinary, tokens_.next().at, "**");
    Z2_TRY(ExpressionPointer right, parseUnary(true));
    left = with(std::move(node), std::move(left), std::move(right));
    Z2_TRY_VOID(checkDepth(*left));
  }
  return left;
}

Result<ExpressionPointer> ExpressionParser::parseUnary(bool hasFilters) {
  const Nesting nesting(depth_);
  const Token& token = tokens_.peek();
  if (nesting.isTooDeep()) return tokens_.fail(token.at, "the expression is nested too deep");
  ExpressionPointer node;
  if (tokens_.seesOperator("-") || tokens_.seesOperator("+")) {
    node = make(ExpressionKind::kUnary, token.at, token.value);
    tokens_.next();
    Z2_TRY(ExpressionPointer operand, parseUnary(false));
    adopt(*node, std::move(operand));
  } else {
    Z2_TRY(node, parsePrimary());
  }
  Z2_TRY(node, parsePostfix(std::move(node)));
  return hasFilters ? parseFiltersAndTests(std::move(node)) : std::move(node);
}

Result<ExpressionPointer> ExpressionParser::parsePrimary() {
  switch (tokens_.peek().kind) {
    case TokenKind::kName:
      return parseName();
    case TokenKind::kString: {
      const Position at = tokens_.peek().at;
      std::string value;
      while (tokens_.sees(TokenKind::kString)) value += tokens_.next().value;
      return makeLiteral(at, Value::text(value));
    }
    case TokenKind::kInteger:
    case TokenKind::kReal:
      return parseNumber();
    default:
      if (tokens_.seesOperator("(")) return parseParenthesis();
      if (tokens_.seesOperator("[")) return parseList();
      if (tokens_.seesOperator("{")) return parseDict();
      return tokens_.unexpected("an expression");
  }
}

Result<ExpressionPointer> ExpressionParser::parseName() {
  const Token& token = tokens_.next();
  const std::string& name = token.value;
  if (name == "true" || name == "True") return makeLiteral(token.at, Value::boolean(true));
  if (name == "false" || name == "False") return makeLiteral(token.at, Value::boolean(false));
  if (name == "none" || name == "None") return makeLiteral(token.at, Value::none());
  return make(ExpressionKind::kName, token.at, name);
}

Result<ExpressionPointer> ExpressionParser::parseNumber() {
  const Token& token = tokens_.next();
  const std::string& digits = token.value;
  if (token.kind == TokenKind::kReal)
    return makeLiteral(token.at, Value::real(std::strtod(digits.c_str(), nullptr)));
  int64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc{} || end != digits.data() + digits.size())
    return tokens_.fail(token.at, fmt::format("the number {} is too large", digits));
  return makeLiteral(token.at, Value::integer(value));
}

Result<ExpressionPointer> ExpressionParser::parseParenthesis() {
  const Position at = tokens_.next().at;
  if (tokens_.takeOperator(")")) return make(ExpressionKind::kTuple, at);
  Z2_TRY(ExpressionPointer inner, parseTuple(true));
  Z2_TRY_VOID(tokens_.expectOperator(")"));
  return inner;
}

Result<ExpressionPointer> ExpressionParser::parseList() {
  auto list = make(ExpressionKind::kList, tokens_.next().at);
  while (!tokens_.takeOperator("]")) {
    if (!list->parts.empty()) {
      Z2_TRY_VOID(tokens_.expectOperator(","));
      if (tokens_.takeOperator("]")) break;
    }
    Z2_TRY(ExpressionPointer item, parse());
    adopt(*list, std::move(item));
  }
  return list;
}

Result<ExpressionPointer> ExpressionParser::parseDict() {
  auto dict = make(ExpressionKind::kDict, tokens_.next().at);
  while (!tokens_.takeOperator("}")) {
    if (!dict->parts.empty()) {
      Z2_TRY_VOID(tokens_.expectOperator(","));
      if (tokens_.takeOperator("}")) break;
    }
    Z2_TRY(ExpressionPointer key, parse());
    Z2_TRY_VOID(tokens_.expectOperator(":"));
    Z2_TRY(ExpressionPointer value, parse());
    dict = with(std::move(dict), std::move(key), std::move(value));
  }
  return dict;
}

Result<ExpressionPointer> ExpressionParser::parsePostfix(ExpressionPointer object) {
  while (true) {
    Z2_TRY_VOID(checkDepth(*object));
    const Position at = tokens_.peek().at;
    if (tokens_.takeOperator(".")) {
      if (tokens_.sees(TokenKind::kInteger)) {
        Z2_TRY(ExpressionPointer index, parseNumber());
        object = with(make(ExpressionKind::kItem, at), std::move(object), std::move(index));
        continue;
      }
      Z2_TRY(std::string name, tokens_.expectName("a name after '.'"));
      object = with(make(ExpressionKind::kAttribute, at, std::move(name)), std::move(object));
    } else if (tokens_.takeOperator("[")) {
      Z2_TRY(object, parseSubscript(std::move(object), at));
    } else if (tokens_.seesOperator("(")) {
      auto call = with(make(ExpressionKind::kCall, at), std::move(object));
      Z2_TRY_VOID(parseArguments(*call));
      object = std::move(call);
    } else {
      return object;
    }
  }
}

Result<ExpressionPointer> ExpressionParser::parseSubscript(ExpressionPointer object, Position at) {
  std::array<ExpressionPointer, 3> bounds;
  size_t colons = 0;
  while (!tokens_.seesOperator("]")) {
    if (tokens_.takeOperator(":")) {
      if (++colons > 2) return tokens_.unexpected("']'");
      continue;
    }
    if (bounds[colons]) return tokens_.unexpected("']'");
    Z2_TRY(bounds[colons], parse());
  }
  if (colons == 0 && !bounds[0]) return tokens_.unexpected("an index");
  tokens_.next();
  if (colons == 0)
    return with(make(ExpressionKind::kItem, at), std::move(object), std::move(bounds[0]));
  return with(make(ExpressionKind::kSlice, at), std::move(object), std::move(bounds[0]),
              std::move(bounds[1]), std::move(bounds[2]));
}

Result<ExpressionPointer> ExpressionParser::parseFiltersAndTests(ExpressionPointer input) {
  while (true) {
    Z2_TRY_VOID(checkDepth(*input));
    const Position at = tokens_.peek().at;
    if (tokens_.takeOperator("|")) {
      Z2_TRY(input, parseFilters(std::move(input)));
    } else if (tokens_.takeName("is")) {
      Z2_TRY(input, parseTest(std::move(input)));
    } else if (tokens_.seesOperator("(")) {
      auto call = with(make(ExpressionKind::kCall, at), std::move(input));
      Z2_TRY_VOID(parseArguments(*call));
      input = std::move(call);
    } else {
      return input;
    }
  }
}

Result<ExpressionPointer> ExpressionParser::parseFilters(ExpressionPointer input) {
  do {
    const Position at = tokens_.peek().at;
    Z2_TRY(std::string name, tokens_.expectName("the name of a filter"));
    input = with(make(ExpressionKind::kFilter, at, std::move(name)), std::move(input));
    if (tokens_.seesOperator("(")) Z2_TRY_VOID(parseArguments(*input));
    Z2_TRY_VOID(checkDepth(*input));
  } while (tokens_.takeOperator("|"));
  return input;
}

Result<ExpressionPointer> ExpressionParser::parseTest(ExpressionPointer input) {
  const Position at = tokens_.peek().at;
  const bool isNegated = tokens_.takeName("not");
  Z2_TRY(std::string name, tokens_.expectName("the name of a test"));
  auto test = with(make(ExpressionKind::kTest, at, std::move(name)), std::move(input));
  const Token& token = tokens_.peek();
  const bool isWord = token.kind == TokenKind::kName && token.value != "else" &&
                      token.value != "or" && token.value != "and" && token.value != "is" &&
                      token.value != "if" && token.value != "not" && token.value != "in";
  const bool isArgument = isWord || token.kind == TokenKind::kString ||
                          token.kind == TokenKind::kInteger || token.kind == TokenKind::kReal ||
                          tokens_.seesOperator("[") || tokens_.seesOperator("{");
  if (tokens_.seesOperator("(")) {
    Z2_TRY_VOID(parseArguments(*test));
  } else if (isArgument) {
    const Nesting nesting(depth_);
    if (nesting.isTooDeep()) return tokens_.fail(at, "the expression is nested too deep");
    Z2_TRY(ExpressionPointer argument, parsePrimary());
    Z2_TRY(argument, parsePostfix(std::move(argument)));
    adopt(*test, std::move(argument));
  }
  if (!isNegated) return test;
  return with(make(ExpressionKind::kUnary, at, "not"), std::move(test));
}

Result<void> ExpressionParser::parseArguments(Expression& call) {
  tokens_.next();  // the parenthesis
  bool isFirst = true;
  while (!tokens_.takeOperator(")")) {
    if (!isFirst) {
      Z2_TRY_VOID(tokens_.expectOperator(","));
      if (tokens_.takeOperator(")")) break;
    }
    isFirst = false;
    const bool isNamed = tokens_.sees(TokenKind::kName) &&
                         tokens_.peek(1).kind == TokenKind::kOperator &&
                         tokens_.peek(1).value == "=";
    if (isNamed) {
      call.keywords.push_back(tokens_.next().value);
      tokens_.next();
    } else if (!call.keywords.empty()) {
      return tokens_.fail(tokens_.peek().at, "an argument without a name follows one with a name");
    }
    Z2_TRY(ExpressionPointer argument, parse());
    adopt(call, std::move(argument));
  }
  return {};
}

}  // namespace z2::jinja
