#include "core/instruct/instruction_words.h"

#include <algorithm>

#include "core/text/normalize.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Scripts that are written without spaces: kana, Han and its extensions.
constexpr Range kCharacterRanges[] = {{0x3005, 0x3007},  {0x3040, 0x30FF}, {0x31F0, 0x31FF},
                                      {0x3400, 0x4DBF},  {0x4E00, 0x9FFF}, {0xF900, 0xFAFF},
                                      {0x20000, 0x323AF}};

bool isCharacter(char32_t codePoint) {
  if (codePoint < kCharacterRanges[0].first) return false;
  return std::ranges::any_of(kCharacterRanges, [&](const Range& range) {
    return codePoint >= range.first && codePoint <= range.last;
  });
}

}  // namespace

std::vector<std::string> instructionWords(std::string_view text) {
  std::string buffer;
  const std::string lower = lowerCase(replaceInvalidUtf8(text, buffer));
  const UnicodeClasses& classes = UnicodeClasses::get();
  std::vector<std::string> words;
  bool isInWord = false;
  for (size_t at = 0; at < lower.size();) {
    uint32_t length = 0;
    const char32_t codePoint = decodeValidUtf8(lower.data() + at, length);
    const std::string_view character(lower.data() + at, length);
    at += length;
    const bool isAlone = isCharacter(codePoint);
    if (!isAlone && (classes.of(codePoint) & (kLetter | kNumber)) == 0) {
      isInWord = false;
      continue;
    }
    if (isAlone || !isInWord) words.emplace_back();
    words.back() += character;
    isInWord = !isAlone;
  }
  return words;
}

bool isCharacterWord(std::string_view word) {
  return !word.empty() && isCharacter(decodeUtf8(word, 0).codePoint);
}

InstructionLanguage languageOf(const std::vector<std::string>& words) {
  const auto characters =
      std::ranges::count_if(words, [](const std::string& word) { return isCharacterWord(word); });
  const bool isChinese = characters > 0 && 4 * static_cast<size_t>(characters) >= words.size();
  return isChinese ? InstructionLanguage::kChinese : InstructionLanguage::kEnglish;
}

}  // namespace z2
