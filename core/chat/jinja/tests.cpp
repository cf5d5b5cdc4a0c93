// Tests: `value is name`.

#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/filter_table.h"
#include "core/chat/jinja/filters.h"
#include "core/chat/jinja/methods.h"

namespace z2::jinja {

namespace {

// Of the value alone.
using KindTest = bool (*)(const Value&);
// Against one argument.
using PairTest = Result<bool> (*)(Context&, const Value&, const Value&);

bool isIterable(const Value& value) {
  return value.isText() || value.isList() || value.isDict() || value.isUndefined();
}

const std::unordered_map<std::string_view, KindTest>& kindTests() {
  static const std::unordered_map<std::string_view, KindTest> kTests = {
      {"defined", [](const Value& v) { return !v.isUndefined(); }},
      {"undefined", [](const Value& v) { return v.isUndefined(); }},
      {"none", [](const Value& v) { return v.isNone(); }},
      {"boolean", [](const Value& v) { return v.isBoolean(); }},
      {"true", [](const Value& v) { return v.isBoolean() && v.boolean(); }},
      {"false", [](const Value& v) { return v.isBoolean() && !v.boolean(); }},
      {"integer", [](const Value& v) { return v.isInteger(); }},
      {"float", [](const Value& v) { return v.isReal(); }},
      {"number", [](const Value& v) { return v.isNumber(); }},
      {"string", [](const Value& v) { return v.isText(); }},
      {"mapping", [](const Value& v) { return v.isDict(); }},
      {"sequence", isIterable},
      {"iterable", isIterable},
      {"callable", [](const Value& v) { return v.isFunction(); }},
      {"odd", [](const Value& v) { return v.isWhole() && v.whole() % 2 != 0; }},
      {"even", [](const Value& v) { return v.isWhole() && v.whole() % 2 == 0; }},
      {"lower",
       [](const Value& v) {
         return v.isText() && inCase(v.text(), LetterCase::kLower).bytes() == v.bytes();
       }},
      {"upper",
       [](const Value& v) {
         return v.isText() && inCase(v.text(), LetterCase::kUpper).bytes() == v.bytes();
       }},
  };
  return kTests;
}

Result<bool> isSame(Context&, const Value& a, const Value& b) { return isEqual(a, b); }

template <bool (*kIsWanted)(int)>
Result<bool> inOrder(Context& context, const Value& a, const Value& b) {
  const auto order = compare(a, b);
  if (!order)
    return context.fail(fmt::format("{} and {} have no order", a.kindName(), b.kindName()));
  return kIsWanted(*order);
}

bool isBelow(int order) { return order < 0; }
bool isAtMost(int order) { return order <= 0; }
bool isAbove(int order) { return order > 0; }
bool isAtLeast(int order) { return order >= 0; }

const std::unordered_map<std::string_view, PairTest>& pairTests() {
  static const std::unordered_map<std::string_view, PairTest> kTests = {
      {"eq", isSame},
      {"equalto", isSame},
      {"==", isSame},
      {"sameas", isSame},
      {"ne",
       [](Context&, const Value& a, const Value& b) -> Result<bool> { return !isEqual(a, b); }},
      {"!=",
       [](Context&, const Value& a, const Value& b) -> Result<bool> { return !isEqual(a, b); }},
      {"in",
       [](Context& context, const Value& a, const Value& b) { return contains(context, b, a); }},
      {"lt", inOrder<isBelow>},
      {"lessthan", inOrder<isBelow>},
      {"<", inOrder<isBelow>},
      {"le", inOrder<isAtMost>},
      {"<=", inOrder<isAtMost>},
      {"gt", inOrder<isAbove>},
      {"greaterthan", inOrder<isAbove>},
      {">", inOrder<isAbove>},
      {"ge", inOrder<isAtLeast>},
      {">=", inOrder<isAtLeast>},
      {"divisibleby",
       [](Context& context, const Value& a, const Value& b) -> Result<bool> {
         if (!a.isWhole() || !b.isWhole() || b.whole() == 0 || b.whole() == -1)
           return context.fail("divisibleby compares integers");
         return a.whole() % b.whole() == 0;
       }},
  };
  return kTests;
}

}  // namespace

Result<bool> applyTest(Context& context, std::string_view name, const Value& input,
                       const Arguments& arguments) {
  Z2_TRY_VOID(context.spend(1));
  if (const auto found = kindTests().find(name); found != kindTests().end())
    return found->second(input);
  if (name == "filter")
    return input.isText() &&
           (textFilters().contains(input.bytes()) || sequenceFilters().contains(input.bytes()));
  const auto found = pairTests().find(name);
  if (found == pairTests().end())
    return context.fail(fmt::format("the test '{}' is not known", name));
  const Value* other = arguments.find(0, "other");
  if (other == nullptr)
    return context.fail(fmt::format("the test '{}' takes a value to compare with", name));
  return found->second(context, input, *other);
}

}  // namespace z2::jinja
