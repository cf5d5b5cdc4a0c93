#include "core/tokenizer/pattern_scanner.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

constexpr std::string_view kGpt2Regex =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view kLlama3Regex =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kQwen2Regex =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// What the three patterns tell apart. kOther is [^\s\p{L}\p{N}].
enum Kind : uint8_t { kOther = 0, kIsLetter = 1, kIsNumber = 2, kIsSpace = 4, kEnd = 8 };
constexpr uint8_t kKindMask = kIsLetter | kIsNumber | kIsSpace;
static_assert(int{kIsLetter} == int{kLetter} && int{kIsNumber} == int{kNumber} &&
              int{kIsSpace} == int{kSpace});

constexpr std::array<uint8_t, 128> asciiKinds() {
  std::array<uint8_t, 128> kinds{};
  for (int c = 0; c < 128; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) kinds[c] = kIsLetter;
    if (c >= '0' && c <= '9') kinds[c] = kIsNumber;
    if (c == ' ' || (c >= 9 && c <= 13)) kinds[c] = kIsSpace;
  }
  return kinds;
}
constexpr std::array<uint8_t, 128> kAscii = asciiKinds();

struct Scanner {
  explicit Scanner(std::string_view text)
      : end(text.data() + text.size()), classes(UnicodeClasses::get()) {}

  // The kind of the character at `at`, kEnd at the end; sets the position after it.
  uint8_t kindAt(const char* at, const char*& next) const {
    if (at == end) {
      next = at;
      return kEnd;
    }
    const auto byte = static_cast<uint8_t>(*at);
    if (byte < 0x80) {
      next = at + 1;
      return kAscii[byte];
    }
    uint32_t length = 0;
    const char32_t codePoint = decodeValidUtf8(at, length);
    next = at + length;
    return classes.of(codePoint) & kKindMask;
  }

  // The end of the run of characters of one kind that begins at `at`.
  const char* runEnd(const char* at, uint8_t kind) const {
    while (true) {
      while (at != end && static_cast<uint8_t>(*at) < 0x80) {
        if (kAscii[static_cast<uint8_t>(*at)] != kind) return at;
        ++at;
      }
      if (at == end) return at;
      const char* next = nullptr;
      if (kindAt(at, next) != kind) return at;
      at = next;
    }
  }

  // \s+(?!\S)|\s+ at a white space: the run, less its last character when a text follows it.
  const char* whiteSpaceEnd(const char* begin) const {
    const char* const runStop = runEnd(begin, kIsSpace);
    if (runStop == end) return runStop;
    const char* last = runStop - 1;
    while (isContinuationByte(*last)) --last;
    return last == begin ? runStop : last;
  }

  // The end of 's, 't, 're, 've, 'm, 'll, 'd at an apostrophe; null when it is none of them.
  const char* contractionEnd(const char* at, bool ignoresCase) const {
    const auto letter = [&](const char* place) {
      if (place >= end) return '\0';
      return ignoresCase && *place >= 'A' && *place <= 'Z' ? static_cast<char>(*place | 0x20)
                                                           : *place;
    };
    const char first = letter(at + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
    const char second = letter(at + 2);
    if ((first == 'r' || first == 'v') && second == 'e') return at + 3;
    if (first == 'l' && second == 'l') return at + 3;
    // Long s, U+017F, is an s when case is ignored.
    if (ignoresCase && first == '\xC5' && second == '\xBF') return at + 3;
    return nullptr;
  }

  const char* const end;
  const UnicodeClasses& classes;
};

struct Gpt2Scanner : Scanner {
  using Scanner::Scanner;

  const char* next(const char* at) const {
    const char* after = nullptr;
    uint8_t kind = kindAt(at, after);
    if (*at == '\'') {
      if (const char* stop = contractionEnd(at, false)) return stop;
    } else if (*at == ' ') {
      const char* afterSpace = nullptr;
      const uint8_t following = kindAt(after, afterSpace);
      if (following == kIsSpace || following == kEnd) return whiteSpaceEnd(at);
      return runEnd(afterSpace, following);
    }
    if (kind == kIsSpace) return whiteSpaceEnd(at);
    return runEnd(after, kind);
  }
};

template <int kDigits>
struct Llama3Scanner : Scanner {
  using Scanner::Scanner;

  const char* next(const char* at) const {
    const char* after = nullptr;
    const uint8_t kind = kindAt(at, after);
    if (kind == kIsLetter) return runEnd(after, kIsLetter);
    if (kind == kIsNumber) return digitsEnd(after);
    if (*at == '\'')
      if (const char* stop = contractionEnd(at, true)) return stop;
    if (*at == '\n' || *at == '\r') return whiteSpaceOrLinesEnd(at);
    const char* afterSecond = nullptr;
    const uint8_t following = kindAt(after, afterSecond);
    if (following == kIsLetter) return runEnd(afterSecond, kIsLetter);
    if (kind == kOther) return punctuationEnd(after);
    if (*at == ' ' && following == kOther) return punctuationEnd(afterSecond);
    return whiteSpaceOrLinesEnd(at);
  }

  // \p{N}{1,3} after its first digit.
  const char* digitsEnd(const char* at) const {
    for (int i = 1; i < kDigits; ++i) {
      const char* after = nullptr;
      if (kindAt(at, after) != kIsNumber) return at;
      at = after;
    }
    return at;
  }

  // [^\s\p{L}\p{N}]+[\r\n]* after its first character.
  const char* punctuationEnd(const char* at) const {
    at = runEnd(at, kOther);
    while (at != end && (*at == '\r' || *at == '\n')) ++at;
    return at;
  }

  // \s*[\r\n]+|\s+(?!\S)|\s+
  const char* whiteSpaceOrLinesEnd(const char* begin) const {
    const char* const runStop = runEnd(begin, kIsSpace);
    for (const char* last = runStop; last != begin; --last)
      if (last[-1] == '\n' || last[-1] == '\r') return last;
    return whiteSpaceEnd(begin);
  }
};

template <typename PatternScanner>
void scan(std::string_view text, std::vector<std::string_view>& pieces) {
  const PatternScanner scanner(text);
  const char* at = text.data();
  while (at != scanner.end) {
    const char* const stop = scanner.next(at);
    pieces.emplace_back(at, static_cast<size_t>(stop - at));
    at = stop;
  }
}

}  // namespace

std::string_view regexOf(KnownPattern pattern) {
  switch (pattern) {
    case KnownPattern::kGpt2:
      return kGpt2Regex;
    case KnownPattern::kLlama3:
      return kLlama3Regex;
    case KnownPattern::kQwen2:
      return kQwen2Regex;
  }
  return {};
}

std::optional<KnownPattern> recognizePattern(std::string_view regex) {
  for (const KnownPattern pattern :
       {KnownPattern::kGpt2, KnownPattern::kLlama3, KnownPattern::kQwen2})
    if (regexOf(pattern) == regex) return pattern;
  return std::nullopt;
}

void scanPattern(KnownPattern pattern, std::string_view text,
                 std::vector<std::string_view>& pieces) {
  switch (pattern) {
    case KnownPattern::kGpt2:
      return scan<Gpt2Scanner>(text, pieces);
    case KnownPattern::kLlama3:
      return scan<Llama3Scanner<3>>(text, pieces);
    case KnownPattern::kQwen2:
      return scan<Llama3Scanner<1>>(text, pieces);
  }
}

}  // namespace z2
