#include "core/chat/jinja/operators.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/printing.h"

namespace z2::jinja {

namespace {

// Rounds towards minus infinity, as Python does.
int64_t floorDivide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

tl::unexpected<Error> tooLarge(Context& context) { return context.fail("the number is too large"); }

Result<Value> wholePower(Context& context, int64_t base, int64_t exponent) {
  if (exponent < 0)
    return Value::real(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  int64_t result = 1;
  for (int64_t i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(result, base, &result)) return tooLarge(context);
    if (result == 0 || result == 1) break;  // so does every power that follows
    Z2_TRY_VOID(context.spend(1));
  }
  return Value::integer(result);
}

Result<Value> wholeOperation(Context& context, std::string_view name, int64_t a, int64_t b) {
  int64_t result = 0;
  bool isTooLarge = false;
  if (name == "+") isTooLarge = __builtin_add_overflow(a, b, &result);
  if (name == "-") isTooLarge = __builtin_sub_overflow(a, b, &result);
  if (name == "*") isTooLarge = __builtin_mul_overflow(a, b, &result);
  if (name == "**") return wholePower(context, a, b);
  if (name == "//" || name == "%") {
    if (b == 0) return context.fail("division by zero");
    if (a == std::numeric_limits<int64_t>::min() && b == -1) return tooLarge(context);
    result = name == "//" ? floorDivide(a, b) : a - floorDivide(a, b) * b;
  }
  if (isTooLarge) return tooLarge(context);
  return Value::integer(result);
}

Result<Value> realOperation(Context& context, std::string_view name, double a, double b) {
  if (b == 0 && (name == "/" || name == "//" || name == "%"))
    return context.fail("division by zero");
  if (name == "+") return Value::real(a + b);
  if (name == "-") return Value::real(a - b);
  if (name == "*") return Value::real(a * b);
  if (name == "/") return Value::real(a / b);
  if (name == "//") return Value::real(std::floor(a / b));
  if (name == "%") return Value::real(a - std::floor(a / b) * b);
  return Value::real(std::pow(a, b));
}

Result<Value> repeated(Context& context, const Value& value, int64_t count) {
  const size_t one = value.isText() ? value.text().size() : value.items().size();
  if (count > 0 && one > context.mostBytes() / static_cast<uint64_t>(count))
    return context.fail("the repetition is too large");
  if (value.isText()) {
    MarkedText text;
    for (int64_t i = 0; i < count && one > 0; ++i) text.append(value.text());
    return context.make(std::move(text));
  }
  Z2_TRY_VOID(context.spend(static_cast<uint64_t>(std::max<int64_t>(count, 0)) * one));
  std::vector<Value> items;
  for (int64_t i = 0; i < count && one > 0; ++i)
    items.insert(items.end(), value.items().begin(), value.items().end());
  return context.make(std::move(items));
}

tl::unexpected<Error> cannot(Context& context, std::string_view name, const Value& left,
                             const Value& right) {
  for (const Value* one : {&left, &right})
    if (one->isUndefined())
      return context.fail(one->undefinedName().empty()
                              ? "an undefined value is computed with"
                              : fmt::format("'{}' is undefined", one->undefinedName()));
  const bool isMixed = left.isText() != right.isText();
  return context.fail(
      fmt::format("'{}' cannot take {} and {}", name, left.kindName(), right.kindName()),
      name == "+" && isMixed ? "Put texts and other values together with ~" : "");
}

}  // namespace

Result<Value> binaryOperation(Context& context, std::string_view name, const Value& left,
                              const Value& right) {
  if (name == "~") {
    Z2_TRY(MarkedText text, printed(context, left));
    Z2_TRY(const MarkedText other, printed(context, right));
    text.append(other);
    return context.make(std::move(text));
  }
  if (left.isNumber() && right.isNumber()) {
    if (left.isWhole() && right.isWhole() && name != "/")
      return wholeOperation(context, name, left.whole(), right.whole());
    return realOperation(context, name, left.number(), right.number());
  }
  if (name == "+" && left.isText() && right.isText()) {
    MarkedText text = left.text();
    text.append(right.text());
    return context.make(std::move(text));
  }
  if (name == "+" && left.isList() && right.isList()) {
    std::vector<Value> items = left.items();
    items.insert(items.end(), right.items().begin(), right.items().end());
    return context.make(std::move(items));
  }
  const auto isSequence = [](const Value& value) { return value.isText() || value.isList(); };
  if (name == "*" && isSequence(left) && right.isWhole())
    return repeated(context, left, right.whole());
  if (name == "*" && isSequence(right) && left.isWhole())
    return repeated(context, right, left.whole());
  return cannot(context, name, left, right);
}

Result<bool> comparison(Context& context, std::string_view name, const Value& left,
                        const Value& right) {
  if (name == "==") return isEqual(left, right);
  if (name == "!=") return !isEqual(left, right);
  if (name == "in") return contains(context, right, left);
  if (name == "not in") {
    Z2_TRY(const bool isThere, contains(context, right, left));
    return !isThere;
  }
  const auto order = compare(left, right);
  if (!order) return cannot(context, name, left, right);
  if (name == "<") return *order < 0;
  if (name == "<=") return *order <= 0;
  return name == ">" ? *order > 0 : *order >= 0;
}

Result<Value> signedNumber(Context& context, const Value& value, bool isNegative) {
  if (!value.isNumber()) return cannot(context, isNegative ? "-" : "+", value, value);
  if (value.isReal()) return isNegative ? Value::real(-value.number()) : value;
  if (!isNegative) return Value::integer(value.whole());
  if (value.whole() == std::numeric_limits<int64_t>::min()) return tooLarge(context);
  return Value::integer(-value.whole());
}

}  // namespace z2::jinja
