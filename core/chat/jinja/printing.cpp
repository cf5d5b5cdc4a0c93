#include "core/chat/jinja/printing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/text/utf8.h"

namespace z2::jinja {

namespace {

// The shortest digits that read back as the same number, laid out as Python's repr does.
std::string realText(double value, bool isJson) {
  if (std::isnan(value)) return isJson ? "NaN" : "nan";
  if (std::isinf(value)) {
    const std::string name = isJson ? "Infinity" : "inf";
    return value < 0 ? "-" + name : name;
  }
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  const std::string_view scientific(buffer, static_cast<size_t>(end.ptr - buffer));
  const int exponent = std::atoi(std::string(scientific.substr(scientific.find('e') + 1)).c_str());
  if (value != 0 && (exponent < -4 || exponent >= 16)) return std::string(scientific);
  const auto fixed =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed);
  std::string text(buffer, static_cast<size_t>(fixed.ptr - buffer));
  return text.find('.') == text.npos ? text + ".0" : text;
}

// Calls `take(character bytes, code point, mark)` for each character.
template <typename Take>
void eachCharacter(const MarkedText& text, const Take& take) {
  const std::string_view bytes = text.bytes();
  auto run = text.runs().begin();
  for (size_t at = 0; at < bytes.size();) {
    while (run->end <= at) ++run;
    const DecodedCharacter character = decodeUtf8(bytes, at);
    take(bytes.substr(at, character.length), character.codePoint, run->mark);
    at += character.length;
  }
}

void appendRepr(const MarkedText& text, MarkedText& out) {
  const bool isDouble =
      text.bytes().find('\'') != std::string::npos && text.bytes().find('"') == std::string::npos;
  const std::string_view quote = isDouble ? "\"" : "'";
  out.append(quote, text.mainMark());
  eachCharacter(text, [&](std::string_view bytes, char32_t codePoint, Mark mark) {
    if (codePoint == '\n') return out.append("\\n", mark);
    if (codePoint == '\r') return out.append("\\r", mark);
    if (codePoint == '\t') return out.append("\\t", mark);
    if (codePoint == '\\') return out.append("\\\\", mark);
    if (bytes == quote) return out.append(fmt::format("\\{}", bytes), mark);
    if (codePoint < 0x20 || (codePoint >= 0x7F && codePoint < 0xA1) || codePoint == 0xAD)
      return out.append(fmt::format("\\x{:02x}", static_cast<uint32_t>(codePoint)), mark);
    out.append(bytes, mark);
  });
  out.append(quote, text.mainMark());
}

Result<void> appendPrinted(Context& context, const Value& value, bool isInside, MarkedText& out);

Result<void> appendItems(Context& context, const Value& list, MarkedText& out) {
  const std::vector<Value>& items = list.items();
  out.append(list.isTuple() ? "(" : "[", {});
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out.append(", ", {});
    Z2_TRY_VOID(appendPrinted(context, items[i], true, out));
  }
  if (list.isTuple() && items.size() == 1) out.append(",", {});
  out.append(list.isTuple() ? ")" : "]", {});
  return {};
}

Result<void> appendPrinted(Context& context, const Value& value, bool isInside, MarkedText& out) {
  Z2_TRY_VOID(context.spend(1));
  if (out.size() > context.mostBytes()) return context.fail("the text is too large");
  if (value.isText()) {
    if (isInside)
      appendRepr(value.text(), out);
    else
      out.append(value.text());
  } else if (value.isUndefined()) {
    if (isInside) out.append("Undefined", {});
  } else if (value.isNone()) {
    out.append("None", {});
  } else if (value.isBoolean()) {
    out.append(value.boolean() ? "True" : "False", {});
  } else if (value.isInteger()) {
    out.append(std::to_string(value.whole()), {});
  } else if (value.isReal()) {
    out.append(realText(value.number(), false), {});
  } else if (value.isList()) {
    return appendItems(context, value, out);
  } else if (value.isDict()) {
    out.append("{", {});
    bool isFirst = true;
    for (const auto& [key, item] : value.dict().items) {
      if (!std::exchange(isFirst, false)) out.append(", ", {});
      appendRepr(MarkedText(key, kKeyMark), out);
      out.append(": ", {});
      Z2_TRY_VOID(appendPrinted(context, item, true, out));
    }
    out.append("}", {});
  } else {
    return context.fail(fmt::format("a {} cannot be printed", value.kindName()));
  }
  return {};
}

void appendJsonString(const MarkedText& text, bool isAscii, Mark quoteMark, MarkedText& out) {
  out.append("\"", quoteMark);
  eachCharacter(text, [&](std::string_view bytes, char32_t codePoint, Mark mark) {
    constexpr std::string_view kPlain = "\"\\\n\r\t\b\f";
    constexpr std::string_view kNames = "\"\\nrtbf";
    const size_t found = codePoint < 0x80 ? kPlain.find(static_cast<char>(codePoint)) : kPlain.npos;
    if (found != kPlain.npos) return out.append(fmt::format("\\{}", kNames[found]), mark);
    const auto number = static_cast<uint32_t>(codePoint);
    if (number < 0x20 || (isAscii && number >= 0x7F && number < 0x10000))
      return out.append(fmt::format("\\u{:04x}", number), mark);
    if (isAscii && number >= 0x10000) {
      const uint32_t rest = number - 0x10000;
      return out.append(
          fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF)), mark);
    }
    out.append(bytes, mark);
  });
  out.append("\"", quoteMark);
}

class JsonPrinter {
 public:
  // `mark`: of all that is not text of its own.
  JsonPrinter(Context& context, const JsonStyle& style, Mark mark)
      : context_(context), style_(style), mark_(mark) {}

  Result<void> append(const Value& value, int level) {
    Z2_TRY_VOID(context_.spend(1));
    if (out.size() > context_.mostBytes()) return context_.fail("the text is too large");
    if (value.isText()) {
      appendJsonString(value.text(), style_.isAscii, mark_, out);
    } else if (value.isNone()) {
      out.append("null", mark_);
    } else if (value.isBoolean()) {
      out.append(value.boolean() ? "true" : "false", mark_);
    } else if (value.isInteger()) {
      out.append(std::to_string(value.whole()), mark_);
    } else if (value.isReal()) {
      out.append(realText(value.number(), true), mark_);
    } else if (value.isList()) {
      return appendList(value.items(), level);
    } else if (value.isDict()) {
      return appendDict(value.dict(), level);
    } else {
      return context_.fail(fmt::format("{} cannot be written as JSON", value.kindName()));
    }
    return {};
  }

  MarkedText out;

 private:
  void appendBreak(int level) {
    if (!style_.indent) return;
    const int64_t spaces = std::max<int64_t>(0, *style_.indent) * level;
    out.append("\n" + std::string(static_cast<size_t>(spaces), ' '), mark_);
  }

  void appendSeparator() {
    // With an indent Python's separator has no space before the line's end.
    std::string_view separator = style_.itemSeparator;
    if (style_.indent && separator == ", ") separator = ",";
    out.append(separator, mark_);
  }

  Result<void> appendList(const std::vector<Value>& items, int level) {
    out.append("[", mark_);
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) appendSeparator();
      appendBreak(level + 1);
      Z2_TRY_VOID(append(items[i], level + 1));
    }
    if (!items.empty()) appendBreak(level);
    out.append("]", mark_);
    return {};
  }

  Result<void> appendDict(const DictData& dict, int level) {
    std::vector<const std::pair<std::string, Value>*> entries;
    for (const auto& entry : dict.items) entries.push_back(&entry);
    if (style_.sortsKeys)
      std::sort(entries.begin(), entries.end(),
                [](const auto* a, const auto* b) { return a->first < b->first; });
    out.append("{", mark_);
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) appendSeparator();
      appendBreak(level + 1);
      appendJsonString(MarkedText(entries[i]->first, mark_.origin == 0 ? kKeyMark : mark_),
                       style_.isAscii, mark_, out);
      out.append(style_.keySeparator, mark_);
      Z2_TRY_VOID(append(entries[i]->second, level + 1));
    }
    if (!entries.empty()) appendBreak(level);
    out.append("}", mark_);
    return {};
  }

  Context& context_;
  const JsonStyle& style_;
  const Mark mark_;
};

// Of the first text in the value that came from data.
Mark markWithin(const Value& value) {
  if (value.isText()) return value.text().mainMark();
  Mark found;
  if (value.isList())
    for (const Value& item : value.items())
      if (found.origin == 0) found = markWithin(item);
  if (value.isDict())
    for (const auto& [key, item] : value.dict().items)
      if (found.origin == 0) found = markWithin(item);
  return found;
}

}  // namespace

Result<MarkedText> printed(Context& context, const Value& value) {
  MarkedText out;
  Z2_TRY_VOID(appendPrinted(context, value, false, out));
  return out;
}

Result<MarkedText> toJsonText(Context& context, const Value& value, const JsonStyle& style) {
  if (style.indent && *style.indent > 64) return context.fail("the indent is too large");
  JsonPrinter printer(context, style, markWithin(value));
  Z2_TRY_VOID(printer.append(value, 0));
  return std::move(printer.out);
}

}  // namespace z2::jinja
