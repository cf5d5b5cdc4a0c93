#include "core/chat/jinja/lexer.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/text/utf8.h"

namespace z2::jinja {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

int hexDigit(char c) {
  if (isDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// One kind of line end, and none at the very end: keep_trailing_newline is off.
std::string normalized(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r') {
      out += '\n';
      if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    } else {
      out += source[i];
    }
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

class Lexer {
 public:
  Lexer(std::string_view source, std::string_view where) : source_(source), where_(where) {}

  Result<std::vector<Token>> run() {
    while (at_ < source_.size()) Z2_TRY_VOID(takeData());
    add(TokenKind::kEnd, {});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }
  [[nodiscard]] bool sees(std::string_view text) const { return rest().starts_with(text); }

  void add(TokenKind kind, std::string value) {
    tokens_.push_back({kind, std::move(value), position_});
  }

  // Counts lines and columns on the way.
  void advance(size_t bytes) {
    for (const char c : source_.substr(at_, bytes)) {
      if (c == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if (!isContinuationByte(c)) {
        ++position_.column;
      }
    }
    at_ += bytes;
  }

  [[nodiscard]] tl::unexpected<Error> fail(Position at, std::string what, std::string fix = {}) {
    return badInput(placeOf(where_, at), std::move(what), std::move(fix));
  }

  Result<void> takeData();
  Result<void> takeComment();
  Result<bool> takeRaw();
  Result<void> takeTag(bool isBlock);
  Result<bool> takeTagEnd(bool isBlock);
  Result<void> takeExpressionToken();
  Result<void> takeString();
  Result<void> appendEscape(Position at, std::string& value);
  void takeNumber();
  Result<void> takeOperator();
  void finishTag(char sign, bool isBlock);
  void addText(std::string_view text, char sign, bool isVariable);

  std::string_view source_;
  std::string_view where_;
  size_t at_ = 0;
  Position position_;
  std::vector<Token> tokens_;
  std::string open_;        // brackets that wait to be closed
  bool startsLine_ = true;  // what came last ended with a line
  Position dataAt_;
};

// The text before a tag, after what its sign ('-', '+' or ' ') and lstrip_blocks take away.
void Lexer::addText(std::string_view text, char sign, bool isVariable) {
  if (sign == '-') {
    text.remove_suffix(trailingSpace(text));
  } else if (sign != '+' && !isVariable) {
    const size_t line = text.rfind('\n') + 1;  // npos + 1 is 0
    const std::string_view last = text.substr(line);
    if ((line > 0 || startsLine_) && !last.empty() && leadingSpace(last) == last.size())
      text = text.substr(0, line);
  }
  if (!text.empty()) tokens_.push_back({TokenKind::kText, std::string(text), dataAt_});
}

Result<void> Lexer::takeData() {
  dataAt_ = position_;
  size_t tag = at_;
  const auto isTag = [&](size_t i) {
    const char next = source_[i + 1];
    return source_[i] == '{' && (next == '%' || next == '{' || next == '#');
  };
  while (tag + 1 < source_.size() && !isTag(tag)) ++tag;
  if (tag + 1 >= source_.size()) {
    if (at_ < source_.size()) tokens_.push_back({TokenKind::kText, std::string(rest()), position_});
    advance(source_.size() - at_);
    return {};
  }
  const std::string_view text = source_.substr(at_, tag - at_);
  const char opening = source_[tag + 1];
  char sign = tag + 2 < source_.size() ? source_[tag + 2] : ' ';
  if (sign != '-' && sign != '+') sign = ' ';
  // {{+ is a plus sign.
  if (sign == '+' && opening == '{') sign = ' ';
  addText(text, sign, opening == '{');
  advance(text.size());
  startsLine_ = false;
  if (opening == '#') return takeComment();
  if (opening == '{') {
    add(TokenKind::kVariableBegin, {});
    advance(sign == '-' ? 3 : 2);
    return takeTag(false);
  }
  Z2_TRY(const bool isRaw, takeRaw());
  if (isRaw) return {};
  add(TokenKind::kBlockBegin, {});
  advance(sign == ' ' ? 2 : 3);
  return takeTag(true);
}

// After a tag's end: "-" takes all whitespace, trim_blocks one line end.
void Lexer::finishTag(char sign, bool isBlock) {
  const size_t before = at_;
  if (sign == '-')
    advance(leadingSpace(rest()));
  else if (sign != '+' && isBlock && sees("\n"))
    advance(1);
  startsLine_ = at_ > before && source_[at_ - 1] == '\n';
}

Result<void> Lexer::takeComment() {
  const Position begin = position_;
  const size_t end = source_.find("#}", at_ + 2);
  if (end == source_.npos) return fail(begin, "the comment is never closed", "Close it with #}");
  const char sign = end > at_ + 2 ? source_[end - 1] : ' ';
  advance(end + 2 - at_);
  finishTag(sign, true);
  return {};
}

// {% raw %} … {% endraw %}: text as it stands. False where another tag begins.
Result<bool> Lexer::takeRaw() {
  const auto tagNamed = [&](size_t at, std::string_view name, char& first, char& last) -> size_t {
    std::string_view text = source_.substr(at);
    const size_t before = text.size();
    text.remove_prefix(2);
    first = last = ' ';
    if (text.starts_with('-') || text.starts_with('+')) {
      first = text[0];
      text.remove_prefix(1);
    }
    text.remove_prefix(leadingSpace(text));
    if (!text.starts_with(name)) return 0;
    text.remove_prefix(name.size());
    text.remove_prefix(leadingSpace(text));
    if (text.starts_with('-') || text.starts_with('+')) {
      last = text[0];
      text.remove_prefix(1);
    }
    if (!text.starts_with("%}")) return 0;
    return before - text.size() + 2;
  };
  char first = ' ', last = ' ';
  const Position begin = position_;
  const size_t opening = tagNamed(at_, "raw", first, last);
  if (opening == 0) return false;
  advance(opening);
  finishTag(last, true);
  for (size_t end = source_.find("{%", at_); end != source_.npos;
       end = source_.find("{%", end + 2)) {
    const size_t closing = tagNamed(end, "endraw", first, last);
    if (closing == 0) continue;
    dataAt_ = position_;
    addText(source_.substr(at_, end - at_), first, false);
    advance(end - at_ + closing);
    finishTag(last, true);
    return true;
  }
  return fail(begin, "the raw block is never closed", "Close it with {% endraw %}");
}

Result<void> Lexer::takeTag(bool isBlock) {
  const Position begin = tokens_.back().at;
  open_.clear();
  while (true) {
    advance(leadingSpace(rest()));
    if (at_ >= source_.size())
      return fail(begin, isBlock ? "the tag {% is never closed" : "the tag {{ is never closed",
                  isBlock ? "Close it with %}" : "Close it with }}");
    Z2_TRY(const bool isEnd, takeTagEnd(isBlock));
    if (isEnd) return {};
    Z2_TRY_VOID(takeExpressionToken());
  }
}

Result<bool> Lexer::takeTagEnd(bool isBlock) {
  const std::string_view end = isBlock ? "%}" : "}}";
  if (!open_.empty()) return false;
  char sign = ' ';
  if ((sees("-") || (isBlock && sees("+"))) && rest().substr(1).starts_with(end)) sign = rest()[0];
  if (sign == ' ' && !sees(end)) return false;
  add(isBlock ? TokenKind::kBlockEnd : TokenKind::kVariableEnd, {});
  advance(sign == ' ' ? 2 : 3);
  finishTag(sign, isBlock);
  return true;
}

Result<void> Lexer::takeExpressionToken() {
  const char c = source_[at_];
  if (c == '"' || c == '\'') return takeString();
  if (isDigit(c)) {
    takeNumber();
    return {};
  }
  if (!isNameStart(c)) return takeOperator();
  size_t size = 1;
  while (at_ + size < source_.size() &&
         (isNameStart(source_[at_ + size]) || isDigit(source_[at_ + size])))
    ++size;
  add(TokenKind::kName, std::string(rest().substr(0, size)));
  advance(size);
  return {};
}

void Lexer::takeNumber() {
  const std::string_view text = rest();
  size_t size = 0;
  bool isReal = false;
  const auto takeDigits = [&] {
    while (size < text.size() &&
           (isDigit(text[size]) ||
            (text[size] == '_' && size + 1 < text.size() && isDigit(text[size + 1]))))
      ++size;
  };
  takeDigits();
  // In a.0.1 the numbers are two.
  const bool isIndex = at_ > 0 && source_[at_ - 1] == '.';
  if (!isIndex && size + 1 < text.size() && text[size] == '.' && isDigit(text[size + 1])) {
    isReal = true;
    ++size;
    takeDigits();
  }
  if (size < text.size() && (text[size] == 'e' || text[size] == 'E')) {
    const size_t sign = size + 1 < text.size() && (text[size + 1] == '+' || text[size + 1] == '-');
    if (size + 1 + sign < text.size() && isDigit(text[size + 1 + sign])) {
      isReal = true;
      size += 1 + sign;
      takeDigits();
    }
  }
  std::string digits;
  for (const char c : text.substr(0, size))
    if (c != '_') digits += c;
  add(isReal ? TokenKind::kReal : TokenKind::kInteger, std::move(digits));
  advance(size);
}

Result<void> Lexer::takeString() {
  const Position begin = position_;
  const char quote = source_[at_];
  std::string value;
  advance(1);
  while (at_ < source_.size() && source_[at_] != quote) {
    if (source_[at_] == '\\') {
      Z2_TRY_VOID(appendEscape(begin, value));
    } else {
      value += source_[at_];
      advance(1);
    }
  }
  if (at_ >= source_.size()) return fail(begin, "the string is never closed");
  advance(1);
  tokens_.push_back({TokenKind::kString, std::move(value), begin});
  return {};
}

// The escapes of Python's string literals.
Result<void> Lexer::appendEscape(Position at, std::string& value) {
  if (at_ + 1 >= source_.size()) return fail(at, "the string is never closed");
  const char next = source_[at_ + 1];
  constexpr std::string_view kNames = "ntrabfv\\'\"0";
  constexpr std::string_view kMeanings{"\n\t\r\a\b\f\v\\'\"\0", 11};
  const size_t hexDigits = next == 'x' ? 2 : next == 'u' ? 4 : next == 'U' ? 8 : 0;
  if (hexDigits > 0) {
    char32_t codePoint = 0;
    for (size_t i = 0; i < hexDigits; ++i) {
      const int digit = at_ + 2 + i < source_.size() ? hexDigit(source_[at_ + 2 + i]) : -1;
      if (digit < 0)
        return fail(position_, fmt::format("\\{} needs {} hexadecimal digits", next, hexDigits));
      codePoint = codePoint << 4 | static_cast<char32_t>(digit);
    }
    if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint < 0xE000))
      return fail(position_, "this escape is no character");
    appendUtf8(value, codePoint);
    advance(2 + hexDigits);
    return {};
  }
  if (next == '\n') {  // the string goes on in the next line
  } else if (const size_t found = kNames.find(next); found != kNames.npos) {
    value += kMeanings[found];
  } else {
    value += '\\';
    advance(1);
    return {};
  }
  advance(2);
  return {};
}

Result<void> Lexer::takeOperator() {
  constexpr std::array<std::string_view, 6> kLong = {"**", "//", "==", "!=", "<=", ">="};
  for (const std::string_view one : kLong)
    if (sees(one)) {
      add(TokenKind::kOperator, std::string(one));
      advance(2);
      return {};
    }
  const char c = source_[at_];
  constexpr std::string_view kShort = "+-*/%~<>=.:|,()[]{}";
  if (kShort.find(c) == kShort.npos)
    return fail(position_, fmt::format("'{}' is not understood here",
                                       rest().substr(0, decodeUtf8(source_, at_).length)));
  if (c == '(' || c == '[' || c == '{') {
    open_ += c == '(' ? ')' : c == '[' ? ']' : '}';
  } else if (c == ')' || c == ']' || c == '}') {
    if (open_.empty() || open_.back() != c)
      return fail(position_, fmt::format("'{}' closes nothing", c));
    open_.pop_back();
  }
  add(TokenKind::kOperator, std::string(1, c));
  advance(1);
  return {};
}

}  // namespace

std::string placeOf(std::string_view where, Position at) {
  return fmt::format("{}:{}:{}", where, at.line, at.column);
}

bool isSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

size_t leadingSpace(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const DecodedCharacter character = decodeUtf8(text, at);
    if (!character.isValid || !isSpace(character.codePoint)) break;
    at += character.length;
  }
  return at;
}

size_t trailingSpace(std::string_view text) {
  size_t end = text.size();
  while (end > 0) {
    size_t begin = end - 1;
    while (begin > 0 && isContinuationByte(text[begin]) && end - begin < 4) --begin;
    const DecodedCharacter character = decodeUtf8(text, begin);
    if (!character.isValid || begin + character.length != end || !isSpace(character.codePoint))
      break;
    end = begin;
  }
  return text.size() - end;
}

Result<std::vector<Token>> tokenize(std::string_view source, std::string_view where) {
  const std::string text = normalized(source);
  return Lexer(text, where).run();
}

}  // namespace z2::jinja
