#include "core/chat/jinja/methods.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/access.h"
#include "core/chat/jinja/lexer.h"
#include "core/chat/jinja/printing.h"
#include "core/text/utf8.h"

namespace z2::jinja {

namespace {

using Method = Result<Value> (*)(Context&, const Value&, const Arguments&);

bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isLetter(char c) { return isUpper(c) || isLower(c); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWide(char c) { return static_cast<unsigned char>(c) >= 0x80; }
char toUpper(char c) { return isLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char toLower(char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

template <LetterCase kCase>
Result<Value> changeCase(Context& context, const Value& object, const Arguments&) {
  return context.make(inCase(object.text(), kCase));
}

template <Side kSide>
Result<Value> strip(Context& context, const Value& object, const Arguments& arguments) {
  const Value* given = arguments.find(0, "chars");
  std::optional<std::string> characters;
  if (given != nullptr && !given->isNone()) {
    Z2_TRY(characters, textArgument(context, arguments, 0, "chars", {}));
  }
  return context.make(stripped(object.text(), kSide, characters));
}

// Parts between whitespace, as split() without a separator gives them.
std::vector<Value> words(const MarkedText& text, int64_t most) {
  std::vector<Value> parts;
  size_t at = leadingSpace(text.bytes());
  while (at < text.size()) {
    size_t end = at;
    const bool isLast = most >= 0 && static_cast<int64_t>(parts.size()) >= most;
    if (isLast) {
      end = text.size() - trailingSpace(text.bytes());
    } else {
      while (end < text.size() && leadingSpace(std::string_view(text.bytes()).substr(end)) == 0)
        end += decodeUtf8(text.bytes(), end).length;
    }
    parts.push_back(Value::text(text.part(at, end - at)));
    at = end + leadingSpace(std::string_view(text.bytes()).substr(end));
  }
  return parts;
}

template <bool kFromRight>
Result<Value> split(Context& context, const Value& object, const Arguments& arguments) {
  const MarkedText& text = object.text();
  Z2_TRY(const int64_t most, integerArgument(context, arguments, 1, "maxsplit", -1));
  Z2_TRY_VOID(context.spend(text.size() / 16 + 1));
  const Value* given = arguments.find(0, "sep");
  if (given == nullptr || given->isNone()) {
    if (kFromRight && most >= 0) return context.fail("rsplit needs a separator here");
    return context.make(words(text, most));
  }
  Z2_TRY(const std::string separator, textArgument(context, arguments, 0, "sep", {}));
  if (separator.empty()) return context.fail("the separator is empty");
  std::vector<size_t> found;
  for (size_t at = text.bytes().find(separator); at != std::string::npos;
       at = text.bytes().find(separator, at + separator.size()))
    found.push_back(at);
  if (most >= 0 && static_cast<int64_t>(found.size()) > most) {
    const auto extra = static_cast<ptrdiff_t>(found.size()) - static_cast<ptrdiff_t>(most);
    if (kFromRight)
      found.erase(found.begin(), found.begin() + extra);
    else
      found.erase(found.end() - extra, found.end());
  }
  std::vector<Value> parts;
  size_t begin = 0;
  for (const size_t at : found) {
    parts.push_back(Value::text(text.part(begin, at - begin)));
    begin = at + separator.size();
  }
  parts.push_back(Value::text(text.part(begin)));
  return context.make(std::move(parts));
}

Result<Value> splitLines(Context& context, const Value& object, const Arguments& arguments) {
  const MarkedText& text = object.text();
  const std::string& bytes = text.bytes();
  Z2_TRY(const bool keepsEnds, booleanArgument(arguments, 0, "keepends", false));
  std::vector<Value> lines;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find_first_of("\r\n", begin), bytes.size());
    size_t next = std::min(end + 1, bytes.size());
    if (end + 1 < bytes.size() && bytes[end] == '\r' && bytes[end + 1] == '\n') ++next;
    lines.push_back(Value::text(text.part(begin, (keepsEnds ? next : end) - begin)));
    begin = next;
  }
  return context.make(std::move(lines));
}

// A text, or any of a list of texts.
template <bool kAtEnd>
Result<Value> hasAffix(Context& context, const Value& object, const Arguments& arguments) {
  const Value* given = arguments.find(0, "prefix");
  if (given == nullptr) return context.fail("what to look for is missing");
  const std::vector<Value> choices = given->isList() ? given->items() : std::vector<Value>{*given};
  bool isThere = false;
  for (const Value& choice : choices) {
    if (!choice.isText())
      return context.fail(
          fmt::format("a text begins and ends with text, not with {}", choice.kindName()));
    isThere = isThere || (kAtEnd ? object.bytes().ends_with(choice.bytes())
                                 : object.bytes().starts_with(choice.bytes()));
  }
  return Value::boolean(isThere);
}

template <bool kAtEnd>
Result<Value> removeAffix(Context& context, const Value& object, const Arguments& arguments) {
  Z2_TRY(const std::string affix, textArgument(context, arguments, 0, "prefix", {}));
  const MarkedText& text = object.text();
  const bool isThere = kAtEnd ? text.bytes().ends_with(affix) : text.bytes().starts_with(affix);
  if (!isThere) return object;
  return context.make(kAtEnd ? text.part(0, text.size() - affix.size()) : text.part(affix.size()));
}

Result<Value> replace(Context& context, const Value& object, const Arguments& arguments) {
  const Value* from = arguments.find(0, "old");
  const Value* to = arguments.find(1, "new");
  if (from == nullptr || to == nullptr || !from->isText() || !to->isText())
    return context.fail("replace takes two texts");
  Z2_TRY(const int64_t count, integerArgument(context, arguments, 2, "count", -1));
  Z2_TRY(MarkedText text, replaced(context, object.text(), from->bytes(), to->text(), count));
  return context.make(std::move(text));
}

// In characters; -1 where there is none.
template <bool kFromRight>
Result<int64_t> placeOfPart(Context& context, const Value& object, const Arguments& arguments) {
  Z2_TRY(const std::string part, textArgument(context, arguments, 0, "sub", {}));
  const std::string& bytes = object.bytes();
  Z2_TRY_VOID(context.spend(bytes.size() / 64 + 1));
  const size_t at = kFromRight ? bytes.rfind(part) : bytes.find(part);
  if (at == std::string::npos) return -1;
  return static_cast<int64_t>(characterStarts(std::string_view(bytes).substr(0, at)).size()) - 1;
}

template <bool kFromRight>
Result<Value> find(Context& context, const Value& object, const Arguments& arguments) {
  Z2_TRY(const int64_t at, placeOfPart<kFromRight>(context, object, arguments));
  return Value::integer(at);
}

Result<Value> index(Context& context, const Value& object, const Arguments& arguments) {
  Z2_TRY(const int64_t at, placeOfPart<false>(context, object, arguments));
  if (at < 0) return context.fail("index finds no such part");
  return Value::integer(at);
}

Result<Value> count(Context& context, const Value& object, const Arguments& arguments) {
  Z2_TRY(const std::string part, textArgument(context, arguments, 0, "sub", {}));
  if (part.empty()) return context.fail("count looks for a part that is not empty");
  int64_t found = 0;
  for (size_t at = object.bytes().find(part); at != std::string::npos;
       at = object.bytes().find(part, at + part.size()))
    ++found;
  return Value::integer(found);
}

Result<Value> join(Context& context, const Value& object, const Arguments& arguments) {
  const Value* given = arguments.find(0, "iterable");
  if (given == nullptr) return context.fail("join takes a list of texts");
  Z2_TRY(const std::vector<Value> items, itemsOf(context, *given));
  for (const Value& item : items)
    if (!item.isText())
      return context.fail(fmt::format("join takes texts, not {}", item.kindName()));
  return joined(context, items, object.text());
}

// Whether all characters are of a class and, where it must be, there is one.
template <bool (*kIsOne)(char)>
Result<Value> isAll(Context&, const Value& object, const Arguments&) {
  const std::string& bytes = object.bytes();
  return Value::boolean(!bytes.empty() && std::all_of(bytes.begin(), bytes.end(), kIsOne));
}

// No letter of the other case, and at least one of this.
template <bool (*kIsThis)(char), bool (*kIsOther)(char)>
Result<Value> isCase(Context&, const Value& object, const Arguments&) {
  const std::string& bytes = object.bytes();
  return Value::boolean(std::any_of(bytes.begin(), bytes.end(), kIsThis) &&
                        std::none_of(bytes.begin(), bytes.end(), kIsOther));
}

Result<Value> isSpaceOnly(Context&, const Value& object, const Arguments&) {
  return Value::boolean(!object.text().isEmpty() &&
                        leadingSpace(object.bytes()) == object.bytes().size());
}

bool isLetterOrWide(char c) { return isLetter(c) || isWide(c); }
bool isWordCharacter(char c) { return isLetterOrWide(c) || isDigit(c); }

const std::unordered_map<std::string_view, Method>& textMethods() {
  static const std::unordered_map<std::string_view, Method> kMethods = {
      {"upper", changeCase<LetterCase::kUpper>},
      {"lower", changeCase<LetterCase::kLower>},
      {"title", changeCase<LetterCase::kTitle>},
      {"capitalize", changeCase<LetterCase::kCapitalized>},
      {"strip", strip<Side::kBoth>},
      {"lstrip", strip<Side::kLeft>},
      {"rstrip", strip<Side::kRight>},
      {"split", split<false>},
      {"rsplit", split<true>},
      {"splitlines", splitLines},
      {"startswith", hasAffix<false>},
      {"endswith", hasAffix<true>},
      {"removeprefix", removeAffix<false>},
      {"removesuffix", removeAffix<true>},
      {"replace", replace},
      {"find", find<false>},
      {"rfind", find<true>},
      {"index", index},
      {"count", count},
      {"join", join},
      {"isdigit", isAll<isDigit>},
      {"isalpha", isAll<isLetterOrWide>},
      {"isalnum", isAll<isWordCharacter>},
      {"isspace", isSpaceOnly},
      {"isupper", isCase<isUpper, isLower>},
      {"islower", isCase<isLower, isUpper>},
  };
  return kMethods;
}

Result<Value> callDictMethod(Context& context, const Value& object, std::string_view name,
                             const Arguments& arguments) {
  const auto& entries = object.dict().items;
  if (name == "get") {
    const Value* key = arguments.find(0, "key");
    if (key == nullptr || !key->isText()) return context.fail("get takes the name of a key");
    if (const Value* found = object.dict().find(key->bytes())) return *found;
    const Value* initial = arguments.find(1, "default");
    return initial != nullptr ? *initial : Value::none();
  }
  if (name == "copy") return object;
  if (name != "items" && name != "keys" && name != "values")
    return context.fail(fmt::format("a dictionary has no method '{}' here", name),
                        "Dictionaries cannot be changed; known are get, items, keys and values");
  std::vector<Value> out;
  for (const auto& [key, value] : entries) {
    const Value keyText = Value::text(MarkedText(key, kKeyMark));
    out.push_back(name == "keys"     ? keyText
                  : name == "values" ? value
                                     : Value::list({keyText, value}, true));
  }
  return context.make(std::move(out));
}

Result<Value> callListMethod(Context& context, const Value& object, std::string_view name,
                             const Arguments& arguments) {
  const Value* wanted = arguments.find(0, "value");
  if ((name != "index" && name != "count") || wanted == nullptr)
    return context.fail(fmt::format("a list has no method '{}' here", name),
                        "Lists cannot be changed; put them together with +");
  const auto& items = object.items();
  const auto isWanted = [&](const Value& one) { return isEqual(one, *wanted); };
  Z2_TRY_VOID(context.spend(items.size()));
  if (name == "count") return Value::integer(std::count_if(items.begin(), items.end(), isWanted));
  const auto found = std::find_if(items.begin(), items.end(), isWanted);
  if (found == items.end()) return context.fail("index finds no such item");
  return Value::integer(found - items.begin());
}

}  // namespace

MarkedText inCase(const MarkedText& text, LetterCase letterCase) {
  MarkedText out;
  std::string bytes = text.bytes();
  bool isInWord = false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool isFirst = letterCase == LetterCase::kTitle ? !isInWord : i == 0;
    const bool isUpperCase =
        letterCase == LetterCase::kUpper || (letterCase != LetterCase::kLower && isFirst);
    isInWord = isLetterOrWide(bytes[i]);
    bytes[i] = isUpperCase ? toUpper(bytes[i]) : toLower(bytes[i]);
  }
  size_t begin = 0;
  for (const MarkedText::Run& run : text.runs()) {
    out.append(std::string_view(bytes).substr(begin, run.end - begin), run.mark);
    begin = run.end;
  }
  return out;
}

MarkedText stripped(const MarkedText& text, Side side,
                    const std::optional<std::string>& characters) {
  const std::string_view bytes = text.bytes();
  size_t begin = 0;
  size_t end = bytes.size();
  if (!characters) {
    if (side != Side::kRight) begin = leadingSpace(bytes);
    if (side != Side::kLeft && begin < end) end -= trailingSpace(bytes);
    return text.part(begin, end - begin);
  }
  const std::vector<size_t> starts = characterStarts(bytes);
  size_t from = 0;
  size_t to = starts.size() - 1;
  const auto isOne = [&](size_t i) {
    return characters->find(bytes.substr(starts[i], starts[i + 1] - starts[i])) !=
           std::string::npos;
  };
  while (side != Side::kRight && from < to && isOne(from)) ++from;
  while (side != Side::kLeft && from < to && isOne(to - 1)) --to;
  return text.part(starts[from], starts[to] - starts[from]);
}

Result<MarkedText> replaced(Context& context, const MarkedText& text, const std::string& from,
                            const MarkedText& to, int64_t count) {
  if (from.empty()) return context.fail("what is replaced must not be empty");
  MarkedText out;
  size_t begin = 0;
  for (size_t at = text.bytes().find(from); at != std::string::npos && count != 0; --count) {
    out.append(text.part(begin, at - begin));
    out.append(to);
    if (out.size() > context.mostBytes()) return context.fail("the text is too large");
    Z2_TRY_VOID(context.spend(1));
    begin = at + from.size();
    at = text.bytes().find(from, begin);
  }
  out.append(text.part(begin));
  return out;
}

Result<Value> joined(Context& context, const std::vector<Value>& items,
                     const MarkedText& separator) {
  MarkedText out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out.append(separator);
    Z2_TRY(const MarkedText text, printed(context, items[i]));
    out.append(text);
    if (out.size() > context.mostBytes()) return context.fail("the text is too large");
  }
  return context.make(std::move(out));
}

Result<Value> callMethod(Context& context, const Value& object, std::string_view name,
                         const Arguments& arguments) {
  if (object.isDict()) return callDictMethod(context, object, name, arguments);
  if (object.isList()) return callListMethod(context, object, name, arguments);
  if (object.isText())
    if (const auto found = textMethods().find(name); found != textMethods().end())
      return found->second(context, object, arguments);
  return context.fail(fmt::format("{} has no method '{}'", object.kindName(), name));
}

}  // namespace z2::jinja
