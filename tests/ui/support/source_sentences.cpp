#include "tests/ui/support/source_sentences.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "core/io/files.h"

namespace z2::ui {

namespace {

constexpr uint64_t kLargestSource = uint64_t{1} << 20;

struct Token {
  enum class Kind { kText, kName, kOther } kind = Kind::kOther;
  std::string text;
  int line = 0;
  size_t match = 0;  // of a bracket: where its other half stands
};

class Tokens {
 public:
  explicit Tokens(std::string_view source) : source_(source) {
    while (at_ < source_.size()) take();
    pair();
  }
  std::vector<Token> all;

 private:
  void add(Token::Kind kind, std::string text) { all.push_back({kind, std::move(text), line_}); }

  char here(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void step(size_t count = 1) {
    for (; count > 0 && at_ < source_.size(); --count) line_ += source_[at_++] == '\n' ? 1 : 0;
  }
  void skipLine() { step(std::min(source_.find('\n', at_), source_.size()) - at_); }

  void take() {
    const char c = here();
    if (std::isspace(static_cast<unsigned char>(c))) return step();
    if (c == '#' || (c == '/' && here(1) == '/')) return skipLine();
    if (c == 'R' && here(1) == '"') return takeRaw();
    if (c == '"') return takeText();
    if (c == '\'') return takeCharacter();
    if (std::isdigit(static_cast<unsigned char>(c))) return takeNumber();
    if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') return takeName();
    const std::string two(source_.substr(at_, 2));
    const bool isPair = two == "+=" || two == "->" || two == "==" || two == "!=" || two == "&&" ||
                        two == ">=" || two == "<=";
    add(Token::Kind::kOther, isPair ? two : std::string(1, c));
    step(isPair ? 2 : 1);
  }
  void takeRaw() {
    const size_t open = source_.find('(', at_);
    const std::string end = ")" + std::string(source_.substr(at_ + 2, open - at_ - 2)) + "\"";
    add(Token::Kind::kOther, "raw");
    step(std::min(source_.find(end, open), source_.size()) + end.size() - at_);
  }
  void takeText() {
    std::string text;
    const int line = line_;
    for (step(); here() != '"' && at_ < source_.size(); step()) {
      if (here() == '\\') step();
      text += here() == 'n' && source_[at_ - 1] == '\\' ? '\n' : here();
    }
    step();
    if (!all.empty() && all.back().kind == Token::Kind::kText)
      all.back().text += text;  // "one literal " "in two parts"
    else
      all.push_back({Token::Kind::kText, std::move(text), line});
  }
  void takeCharacter() {
    for (step(); here() != '\'' && at_ < source_.size(); step())
      if (here() == '\\') step();
    step();
    add(Token::Kind::kOther, "character");
  }
  void takeNumber() {
    while (std::isalnum(static_cast<unsigned char>(here())) || here() == '\'' || here() == '.')
      step();
    add(Token::Kind::kOther, "number");
  }
  void takeName() {
    const size_t begin = at_;
    while (std::isalnum(static_cast<unsigned char>(here())) || here() == '_' ||
           (here() == ':' && here(1) == ':') || (here() == ':' && source_[at_ - 1] == ':'))
      step();
    add(Token::Kind::kName, std::string(source_.substr(begin, at_ - begin)));
  }

  void pair() {
    std::vector<size_t> open;
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].kind != Token::Kind::kOther || all[i].text.size() != 1) continue;
      if (std::string_view("([{").find(all[i].text) != std::string_view::npos) open.push_back(i);
      if (std::string_view(")]}").find(all[i].text) == std::string_view::npos || open.empty())
        continue;
      all[i].match = open.back();
      all[open.back()].match = i;
      open.pop_back();
    }
  }

  std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
};

// Half-open ranges of tokens.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};

class Reader {
 public:
  explicit Reader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  // The whole expression around a literal, and the function it is given to.
  Range expressionAt(size_t at, std::string* call) const {
    Range range = slot({at, at + 1});
    while (range.begin > 0 && is(range.begin - 1, "(")) {
      const size_t bracket = range.begin - 1;
      const bool isCall = bracket > 0 && tokens_[bracket - 1].kind == Token::Kind::kName &&
                          tokens_[bracket - 1].text != "return";
      if (isCall && !isText(tokens_[bracket - 1].text)) break;
      range = slot({isCall ? bracket - 1 : bracket, tokens_[bracket].match + 1});
    }
    for (size_t i = range.begin; i-- > 0;) {
      if (is(i, ")") || is(i, "}") || is(i, "]")) {
        i = tokens_[i].match;
      } else if (is(i, "(")) {
        if (i > 0 && tokens_[i - 1].kind == Token::Kind::kName) *call = tokens_[i - 1].text;
        break;
      } else if (is(i, "{") || is(i, ";") || is(i, "=")) {
        break;
      }
    }
    return range;
  }

  // Each text that the expression can be.
  std::vector<std::string> texts(Range range) const {
    if (const size_t question = find(range, "?"); question != range.end) {
      size_t depth = 0;
      for (size_t i = question + 1; i < range.end; i = next(i)) {
        if (is(i, "?")) ++depth;
        if (!is(i, ":") || depth-- > 0) continue;
        auto all = texts({question + 1, i});
        for (std::string& other : texts({i + 1, range.end})) all.push_back(std::move(other));
        return all;
      }
    }
    if (const size_t plus = find(range, "+"); plus != range.end) {
      std::vector<std::string> all;
      for (const std::string& left : texts({range.begin, plus}))
        for (const std::string& right : texts({plus + 1, range.end})) all.push_back(left + right);
      return all;
    }
    return primary(range);
  }

 private:
  static bool isText(std::string_view name) {
    constexpr auto kTexts = std::to_array<std::string_view>(
        {"fmt::format", "std::string", "std::string_view", "std::optional"});
    return std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end();
  }
  bool is(size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].kind == Token::Kind::kOther && tokens_[i].text == text;
  }
  bool endsSlot(size_t i) const {
    return is(i, ",") || is(i, ";") || is(i, "=") || is(i, "+=") || is(i, "==") || is(i, "!=") ||
           is(i, "&&") || (tokens_[i].kind == Token::Kind::kName && tokens_[i].text == "return");
  }
  // Past a bracketed group, or one token on.
  size_t next(size_t i) const {
    return (is(i, "(") || is(i, "[") || is(i, "{") ? tokens_[i].match : i) + 1;
  }
  Range slot(Range range) const {
    while (range.begin > 0) {
      const size_t before = range.begin - 1;
      if (is(before, "(") || is(before, "{") || is(before, "[") || endsSlot(before)) break;
      const bool isClosing = is(before, ")") || is(before, "}") || is(before, "]");
      range.begin = isClosing ? tokens_[before].match : before;
    }
    while (range.end < tokens_.size() && !is(range.end, ")") && !is(range.end, "}") &&
           !is(range.end, "]") && !endsSlot(range.end))
      range.end = next(range.end);
    return range;
  }
  size_t find(Range range, std::string_view text) const {
    for (size_t i = range.begin; i < range.end; i = next(i))
      if (is(i, text)) return i;
    return range.end;
  }

  std::vector<std::string> primary(Range range) const {
    const Token& first = tokens_[range.begin];
    const size_t count = range.end - range.begin;
    if (count == 1 && first.kind == Token::Kind::kText) return {first.text};
    const size_t bracket = is(range.begin, "(") ? range.begin : range.begin + 1;
    const bool isWhole = count >= 2 && (is(bracket, "(") || is(bracket, "{")) &&
                         tokens_[bracket].match + 1 == range.end;
    if (!isWhole || (bracket != range.begin && !isText(first.text))) return {{kPlace}};
    const Range inside{bracket + 1, std::min(find({bracket + 1, range.end - 1}, ","), range.end)};
    if (inside.begin == inside.end) return {""};
    auto all = texts(inside);
    if (first.text == "fmt::format")
      for (std::string& text : all) text = withPlaces(text);
    return all;
  }

  // "{} of {:.1f}" with the marks of places.
  static std::string withPlaces(std::string_view format) {
    std::string text;
    for (size_t i = 0; i < format.size(); ++i) {
      const bool isDouble = i + 1 < format.size() && format[i + 1] == format[i];
      if (format[i] == '{' && !isDouble) {
        i = std::min(format.find('}', i), format.size());
        text += kPlace;
        continue;
      }
      text += format[i];
      if ((format[i] == '{' || format[i] == '}') && isDouble) ++i;
    }
    return text;
  }

  const std::vector<Token>& tokens_;
};

// Two words of small letters that follow each other.
bool isSentence(std::string_view text) {
  const auto isSmall = [&](size_t i) {
    return i < text.size() && text[i] >= 'a' && text[i] <= 'z';
  };
  for (size_t i = 2; i < text.size(); ++i)
    if (text[i] == ' ' && isSmall(i - 1) && isSmall(i - 2) && isSmall(i + 1)) return true;
  return false;
}

}  // namespace

std::vector<SourceSentence> sentencesOf(const std::filesystem::path& file) {
  const auto source = readFile(file, kLargestSource);
  if (!source) return {};
  const std::vector<Token> tokens = Tokens(*source).all;
  const Reader reader(tokens);
  std::vector<SourceSentence> sentences;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::kText || !isSentence(tokens[i].text)) continue;
    std::string call;
    for (std::string& text : reader.texts(reader.expressionAt(i, &call)))
      if (isSentence(text)) sentences.push_back({file, tokens[i].line, call, std::move(text)});
  }
  return sentences;
}

}  // namespace z2::ui
