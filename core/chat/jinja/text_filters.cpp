// Filters of texts and numbers.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/filter_table.h"
#include "core/chat/jinja/methods.h"
#include "core/chat/jinja/printing.h"

namespace z2::jinja {

namespace {

template <LetterCase kCase>
Result<Value> changeCase(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(const MarkedText text, printed(context, input));
  return context.make(inCase(text, kCase));
}

Result<Value> trim(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const MarkedText text, printed(context, input));
  const Value* given = arguments.find(0, "chars");
  std::optional<std::string> characters;
  if (given != nullptr && given->isText()) characters = given->bytes();
  return context.make(stripped(text, Side::kBoth, characters));
}

Result<Value> replace(Context& context, const Value& input, const Arguments& arguments) {
  const Value* from = arguments.find(0, "old");
  const Value* to = arguments.find(1, "new");
  if (from == nullptr || to == nullptr) return context.fail("replace takes two texts");
  Z2_TRY(const MarkedText text, printed(context, input));
  Z2_TRY(const MarkedText old, printed(context, *from));
  Z2_TRY(const MarkedText made, printed(context, *to));
  Z2_TRY(const int64_t count, integerArgument(context, arguments, 2, "count", -1));
  Z2_TRY(MarkedText out, replaced(context, text, old.bytes(), made, count));
  return context.make(std::move(out));
}

Result<Value> toText(Context& context, const Value& input, const Arguments&) {
  if (input.isText()) return input;
  Z2_TRY(MarkedText text, printed(context, input));
  return context.make(std::move(text));
}

Result<Value> toJson(Context& context, const Value& input, const Arguments& arguments) {
  JsonStyle style;
  Z2_TRY(style.isAscii, booleanArgument(arguments, 0, "ensure_ascii", false));
  // Jinja's own tojson takes the indent first.
  const Value* first = arguments.find(0, "indent");
  const Value* indent =
      first != nullptr && first->isInteger() ? first : arguments.find(1, "indent");
  if (first != nullptr && first->isInteger()) style.isAscii = false;
  if (indent != nullptr && indent->isWhole()) style.indent = indent->whole();
  const Value* separators = arguments.find(2, "separators");
  if (separators != nullptr && separators->isList() && separators->items().size() == 2 &&
      separators->items()[0].isText() && separators->items()[1].isText()) {
    style.itemSeparator = separators->items()[0].bytes();
    style.keySeparator = separators->items()[1].bytes();
  }
  Z2_TRY(style.sortsKeys, booleanArgument(arguments, 3, "sort_keys", false));
  Z2_TRY(MarkedText text, toJsonText(context, input, style));
  return context.make(std::move(text));
}

Result<Value> indent(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const MarkedText text, printed(context, input));
  const Value* width = arguments.find(0, "width");
  std::string space(4, ' ');
  if (width != nullptr && width->isText()) space = width->bytes();
  if (width != nullptr && width->isWhole()) {
    if (width->whole() < 0 || width->whole() > 1000) return context.fail("the indent is too large");
    space.assign(static_cast<size_t>(width->whole()), ' ');
  }
  Z2_TRY(const bool isFirst, booleanArgument(arguments, 1, "first", false));
  Z2_TRY(const bool isBlank, booleanArgument(arguments, 2, "blank", false));
  MarkedText out;
  bool isFirstLine = true;
  for (size_t begin = 0;;) {
    const size_t end = text.bytes().find('\n', begin);
    const size_t stop = end == std::string::npos ? text.size() : end + 1;
    const bool isEmpty = stop - begin <= (end == std::string::npos ? 0U : 1U);
    if (isFirstLine ? isFirst : (!isEmpty || isBlank)) out.append(space, {});
    isFirstLine = false;
    out.append(text.part(begin, stop - begin));
    if (out.size() > context.mostBytes()) return context.fail("the text is too large");
    if (end == std::string::npos) return context.make(std::move(out));
    begin = stop;
  }
}

Result<Value> escape(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(const MarkedText text, printed(context, input));
  MarkedText out;
  size_t at = 0;
  for (const MarkedText::Run& run : text.runs())
    for (; at < run.end; ++at) {
      const char c = text.bytes()[at];
      const std::string_view name = c == '&'    ? "&amp;"
                                    : c == '<'  ? "&lt;"
                                    : c == '>'  ? "&gt;"
                                    : c == '"'  ? "&#34;"
                                    : c == '\'' ? "&#39;"
                                                : std::string_view{};
      out.append(name.empty() ? std::string_view(&c, 1) : name, run.mark);
    }
  return context.make(std::move(out));
}

Result<Value> toInteger(Context& context, const Value& input, const Arguments& arguments) {
  Z2_TRY(const int64_t initial, integerArgument(context, arguments, 0, "default", 0));
  if (input.isWhole()) return Value::integer(input.whole());
  double value = 0;
  if (input.isReal()) {
    value = input.number();
  } else if (input.isText()) {
    const MarkedText text = stripped(input.text(), Side::kBoth, std::nullopt);
    char* end = nullptr;
    value = std::strtod(text.bytes().c_str(), &end);
    if (text.isEmpty() || end != text.bytes().c_str() + text.size()) return Value::integer(initial);
  } else {
    return Value::integer(initial);
  }
  if (!(std::abs(value) < 9.0e18)) return Value::integer(initial);
  return Value::integer(static_cast<int64_t>(value));
}

Result<Value> toReal(Context&, const Value& input, const Arguments& arguments) {
  const Value* initial = arguments.find(0, "default");
  const Value otherwise = initial != nullptr ? *initial : Value::real(0);
  if (input.isNumber()) return Value::real(input.number());
  if (!input.isText()) return otherwise;
  const MarkedText text = stripped(input.text(), Side::kBoth, std::nullopt);
  char* end = nullptr;
  const double value = std::strtod(text.bytes().c_str(), &end);
  const bool isWhole = !text.isEmpty() && end == text.bytes().c_str() + text.size();
  return isWhole ? Value::real(value) : otherwise;
}

Result<Value> absolute(Context& context, const Value& input, const Arguments&) {
  if (!input.isNumber()) return context.fail(fmt::format("{} is no number", input.kindName()));
  if (input.isReal()) return Value::real(std::abs(input.number()));
  if (input.whole() == INT64_MIN) return context.fail("the number is too large");
  return Value::integer(std::abs(input.whole()));
}

Result<Value> roundOff(Context& context, const Value& input, const Arguments& arguments) {
  if (!input.isNumber()) return context.fail(fmt::format("{} is no number", input.kindName()));
  Z2_TRY(const int64_t digits, integerArgument(context, arguments, 0, "precision", 0));
  Z2_TRY(const std::string method, textArgument(context, arguments, 1, "method", "common"));
  if (digits < 0 || digits > 15) return context.fail("round takes 0 … 15 digits");
  const double scale = std::pow(10.0, static_cast<double>(digits));
  const double scaled = input.number() * scale;
  const double whole = method == "ceil"    ? std::ceil(scaled)
                       : method == "floor" ? std::floor(scaled)
                                           : std::nearbyint(scaled);
  return Value::real(whole / scale);
}

Result<Value> wordCount(Context& context, const Value& input, const Arguments&) {
  Z2_TRY(const MarkedText text, printed(context, input));
  Z2_TRY(const Value words, callMethod(context, Value::text(text), "split", {}));
  return Value::integer(static_cast<int64_t>(words.items().size()));
}

Result<Value> unchanged(Context&, const Value& input, const Arguments&) { return input; }

}  // namespace

const FilterTable& textFilters() {
  static const FilterTable kFilters = {
      {"upper", changeCase<LetterCase::kUpper>},
      {"lower", changeCase<LetterCase::kLower>},
      {"title", changeCase<LetterCase::kTitle>},
      {"capitalize", changeCase<LetterCase::kCapitalized>},
      {"trim", trim},
      {"replace", replace},
      {"string", toText},
      {"tojson", toJson},
      {"indent", indent},
      {"escape", escape},
      {"e", escape},
      {"safe", unchanged},
      {"int", toInteger},
      {"float", toReal},
      {"abs", absolute},
      {"round", roundOff},
      {"wordcount", wordCount},
  };
  return kFilters;
}

}  // namespace z2::jinja
