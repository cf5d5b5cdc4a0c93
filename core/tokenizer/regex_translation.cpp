#include <cctype>
#include <string>
#include <string_view>

#include "core/tokenizer/split_regex.h"

namespace z2 {

namespace {

// Reads Oniguruma's Ruby syntax once from left to right and writes PCRE2's.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> run() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        Z2_TRY_VOID(escape(false));
      } else if (c == '[') {
        Z2_TRY_VOID(characterClass());
      } else if (c == '(') {
        Z2_TRY_VOID(group());
      } else if (c == '{') {
        Z2_TRY_VOID(interval());
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view part) const {
    return badInput("regular expression " + std::string(pattern_),
                    "\"" + std::string(part) + "\" is not supported in a split pattern",
                    "Use a pattern without it");
  }

  [[nodiscard]] std::string_view rest() const { return pattern_.substr(at_); }

  // \uHHHH is \x{HHHH}; \h is a hexadecimal digit; \w counts marks, as Unicode says.
  Result<void> escape(bool isInClass) {
    if (at_ + 1 >= pattern_.size()) return refuse("\\ at the end");
    const char c = pattern_[at_ + 1];
    if (c == 'u') {
      const std::string_view digits = pattern_.substr(at_ + 2, 4);
      if (digits.size() != 4) return refuse("\\u");
      for (const char digit : digits)
        if (std::isxdigit(static_cast<unsigned char>(digit)) == 0) return refuse("\\u");
      out_ += "\\x{" + std::string(digits) + "}";
      at_ += 6;
      return {};
    }
    constexpr std::string_view kWordClass = "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}";
    if (c == 'w') out_ += isInClass ? std::string(kWordClass) : "[" + std::string(kWordClass) + "]";
    if (c == 'h') out_ += isInClass ? "0-9a-fA-F" : "[0-9a-fA-F]";
    if (c == 'W' && !isInClass) out_ += "[^" + std::string(kWordClass) + "]";
    if (c == 'H' && !isInClass) out_ += "[^0-9a-fA-F]";
    const bool isRewritten = c == 'w' || c == 'h' || (!isInClass && (c == 'W' || c == 'H'));
    constexpr std::string_view kSame = "sSdDpPnrtfveaxAz";
    const bool isPlain = std::isalnum(static_cast<unsigned char>(c)) == 0;
    if (!isRewritten && !isPlain && kSame.find(c) == std::string_view::npos)
      return refuse(pattern_.substr(at_, 2));
    if (c == 'v') out_ += "\\x0b";
    size_t length = 2;
    if ((c == 'p' || c == 'P' || c == 'x') && pattern_.substr(at_ + 2).starts_with('{')) {
      const size_t close = pattern_.find('}', at_);
      if (close == std::string_view::npos) return refuse(pattern_.substr(at_, 3));
      length = close + 1 - at_;
    }
    if (!isRewritten && c != 'v') out_.append(pattern_, at_, length);
    at_ += length;
    return {};
  }

  Result<void> characterClass() {
    out_ += '[';
    ++at_;
    if (rest().starts_with("^")) {
      out_ += '^';
      ++at_;
    }
    if (rest().starts_with("]")) return refuse("[]");
    while (at_ < pattern_.size() && pattern_[at_] != ']') {
      if (rest().starts_with("&&")) return refuse("&& in a class");
      if (pattern_[at_] == '[') return refuse("[ in a class");
      if (pattern_[at_] == '\\') {
        Z2_TRY_VOID(escape(true));
        continue;
      }
      out_ += pattern_[at_++];
    }
    if (at_ == pattern_.size()) return refuse("[ without ]");
    out_ += ']';
    ++at_;
    return {};
  }

  Result<void> group() {
    for (const std::string_view open :
         {"(?i:", "(?i)", "(?-i:", "(?-i)", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (!rest().starts_with(open)) continue;
      // In Ruby a(?i)b|c is a(?i:b|c): only at the very start do the two engines agree.
      if ((open == "(?i)" || open == "(?-i)") && at_ != 0) return refuse(open);
      out_ += open;
      at_ += open.size();
      return {};
    }
    if (rest().starts_with("(?") || rest().starts_with("(*")) return refuse(rest().substr(0, 3));
    out_ += '(';
    ++at_;
    return {};
  }

  // In Ruby's syntax x{n,m}+ repeats the repetition; PCRE2 would make it possessive.
  Result<void> interval() {
    const size_t close = pattern_.find('}', at_);
    if (close == std::string_view::npos) {
      out_ += "\\{";
      ++at_;
      return {};
    }
    const std::string_view body = pattern_.substr(at_ + 1, close - at_ - 1);
    const bool isInterval = !body.empty() && body != "," &&
                            body.find_first_not_of("0123456789,") == std::string_view::npos;
    if (!isInterval) {
      out_ += "\\{";
      ++at_;
      return {};
    }
    if (close + 1 < pattern_.size() && pattern_[close + 1] == '+') return refuse("{n,m}+");
    out_ += body.front() == ',' ? "{0" + std::string(body) + "}" : "{" + std::string(body) + "}";
    at_ = close + 1;
    return {};
  }

  const std::string_view pattern_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> translateOniguruma(std::string_view pattern) {
  return Translator(pattern).run();
}

}  // namespace z2
