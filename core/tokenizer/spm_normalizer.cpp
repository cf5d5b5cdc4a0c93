#include "core/tokenizer/spm_normalizer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/utf8.h"

namespace z2 {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// A character that no rule touches; a broken byte is U+FFFD.
SpmCharacterMap::Match plainCharacter(std::string_view text) {
  const DecodedCharacter decoded = decodeUtf8(text, 0);
  if (!decoded.isValid) return {1, kReplacement};
  return {decoded.length, text.substr(0, decoded.length)};
}

}  // namespace

Result<SpmCharacterMap> SpmCharacterMap::create(std::string_view precompiled) {
  SpmCharacterMap map;
  if (precompiled.empty()) return map;
  const auto refuse = [] {
    return corrupt("normalizer_spec.precompiled_charsmap", "the character map is broken",
                   "Get the model again");
  };
  uint32_t trieBytes = 0;
  if (precompiled.size() < 4) return refuse();
  std::memcpy(&trieBytes, precompiled.data(), 4);
  precompiled.remove_prefix(4);
  if (trieBytes > precompiled.size() || trieBytes % 4 != 0 || trieBytes == 0) return refuse();
  map.units_.resize(trieBytes / 4);
  std::memcpy(map.units_.data(), precompiled.data(), trieBytes);
  map.replacements_ = precompiled.substr(trieBytes);
  return map;
}

SpmCharacterMap::Match SpmCharacterMap::longest(std::string_view text) const {
  Match match;
  if (units_.empty()) return match;
  const auto offsetOf = [](uint32_t unit) { return (unit >> 10) << ((unit & 0x200) >> 6); };
  uint32_t at = offsetOf(units_[0]);
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    at ^= byte;
    if (at >= units_.size()) break;
    const uint32_t unit = units_[at];
    if ((unit & 0x800000FF) != byte) break;
    at ^= offsetOf(unit);
    if ((unit & 0x100) == 0) continue;
    if (at >= units_.size()) break;
    const size_t place = units_[at] & 0x7FFFFFFF;
    if (place > replacements_.size()) break;
    const size_t end = std::min(replacements_.find('\0', place), replacements_.size());
    match = {i + 1, std::string_view(replacements_).substr(place, end - place)};
  }
  return match;
}

std::string SpmCharacterMap::apply(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    Match match = longest(text);
    if (match.length == 0) match = plainCharacter(text);
    out += match.replacement;
    text.remove_prefix(match.length);
  }
  return out;
}

PrefixMatcher::PrefixMatcher(std::vector<std::string> strings) : strings_(std::move(strings)) {
  std::erase(strings_, std::string());
  std::sort(strings_.begin(), strings_.end());
  strings_.erase(std::unique(strings_.begin(), strings_.end()), strings_.end());
}

size_t PrefixMatcher::longest(std::string_view text) const {
  auto begin = strings_.begin();
  auto end = strings_.end();
  size_t longest = 0;
  // The range shares its first `depth` bytes with the text.
  for (size_t depth = 0; begin != end; ++depth) {
    if (begin->size() == depth) {
      longest = depth;
      ++begin;
    }
    if (depth == text.size()) break;
    const auto byte = static_cast<uint8_t>(text[depth]);
    begin = std::partition_point(
        begin, end, [&](const std::string& s) { return static_cast<uint8_t>(s[depth]) < byte; });
    end = std::partition_point(
        begin, end, [&](const std::string& s) { return static_cast<uint8_t>(s[depth]) == byte; });
  }
  return longest;
}

Result<SpmNormalizer> SpmNormalizer::create(const SentencePieceModel& model,
                                            const PrefixMatcher& userSymbols) {
  SpmNormalizer made;
  Z2_TRY(made.map_, SpmCharacterMap::create(model.precompiledCharsmap));
  made.userSymbols_ = userSymbols;
  made.space_ = model.escapesWhitespaces ? kSpaceMark : std::string_view(" ");
  made.addsDummyPrefix_ = model.addsDummyPrefix;
  made.removesExtraWhitespaces_ = model.removesExtraWhitespaces;
  made.isSuffixMode_ = model.treatsWhitespaceAsSuffix;
  return made;
}

SpmCharacterMap::Match SpmNormalizer::nextPart(std::string_view text) const {
  if (!userSymbols_.isEmpty()) {
    const size_t length = userSymbols_.longest(text);
    if (length > 0) return {length, text.substr(0, length)};
  }
  const SpmCharacterMap::Match match = map_.longest(text);
  return match.length > 0 ? match : plainCharacter(text);
}

void SpmNormalizer::apply(std::string_view text, std::string& out, bool addsPrefix) const {
  out.clear();
  out.reserve(text.size() + text.size() / 2 + 8);
  while (removesExtraWhitespaces_ && !text.empty()) {
    const SpmCharacterMap::Match part = nextPart(text);
    if (part.replacement != " ") break;
    text.remove_prefix(part.length);
  }
  if (text.empty()) return;
  if (!isSuffixMode_ && addsDummyPrefix_ && addsPrefix) out += space_;
  bool isAfterSpace = removesExtraWhitespaces_;
  while (!text.empty()) {
    const SpmCharacterMap::Match part = nextPart(text);
    std::string_view kept = part.replacement;
    while (isAfterSpace && kept.starts_with(' ')) kept.remove_prefix(1);
    for (const char c : kept) {
      if (c == ' ')
        out += space_;
      else
        out += c;
    }
    if (!kept.empty()) isAfterSpace = kept.ends_with(' ');
    if (!removesExtraWhitespaces_) isAfterSpace = false;
    text.remove_prefix(part.length);
  }
  while (removesExtraWhitespaces_ && out.ends_with(space_)) out.resize(out.size() - space_.size());
  if (isSuffixMode_ && addsDummyPrefix_ && addsPrefix) out += space_;
}

}  // namespace z2
