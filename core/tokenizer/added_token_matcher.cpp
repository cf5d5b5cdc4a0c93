#include "core/tokenizer/added_token_matcher.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

uint8_t classOfFirst(std::string_view text) {
  uint32_t length = 0;
  return UnicodeClasses::get().of(decodeValidUtf8(text.data(), length));
}

// The start of the last character; `text` is not empty.
size_t lastCharacter(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && isContinuationByte(text[at])) --at;
  return at;
}

}  // namespace

AddedTokenMatcher::AddedTokenMatcher(std::vector<AddedToken> tokens,
                                     std::vector<std::string> spellings) {
  std::vector<size_t> order(tokens.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return spellings[a] < spellings[b]; });
  for (const size_t i : order) {
    if (spellings[i].empty()) continue;
    const auto first = static_cast<uint8_t>(spellings[i][0]);
    Range& range = byFirstByte_[first];
    if (range.end == 0) range.begin = static_cast<uint32_t>(tokens_.size());
    range.end = static_cast<uint32_t>(tokens_.size()) + 1;
    hasOrdinary_ = hasOrdinary_ || !tokens[i].isSpecial;
    tokens_.push_back(std::move(tokens[i]));
    spellings_.push_back(std::move(spellings[i]));
  }
}

int32_t AddedTokenMatcher::longestAt(std::string_view text) const {
  Range range = byFirstByte_[static_cast<uint8_t>(text[0])];
  int32_t longest = -1;
  // All spellings in the range share their first `depth` bytes with the text.
  for (size_t depth = 1; range.begin < range.end; ++depth) {
    if (spellings_[range.begin].size() == depth) {
      longest = static_cast<int32_t>(range.begin);
      while (range.begin < range.end && spellings_[range.begin].size() == depth) ++range.begin;
    }
    if (depth == text.size()) break;
    const auto byte = static_cast<uint8_t>(text[depth]);
    const auto byteAt = [&](const std::string& spelling) {
      return static_cast<uint8_t>(spelling[depth]);
    };
    const auto begin = spellings_.begin() + range.begin;
    const auto end = spellings_.begin() + range.end;
    const auto low = std::partition_point(
        begin, end, [&](const std::string& spelling) { return byteAt(spelling) < byte; });
    const auto high = std::partition_point(
        low, end, [&](const std::string& spelling) { return byteAt(spelling) == byte; });
    range = {static_cast<uint32_t>(low - spellings_.begin()),
             static_cast<uint32_t>(high - spellings_.begin())};
  }
  return longest;
}

bool AddedTokenMatcher::touchesWord(std::string_view before, std::string_view after) {
  if (!before.empty() && (classOfFirst(before.substr(lastCharacter(before))) & kWord) != 0)
    return true;
  return !after.empty() && (classOfFirst(after) & kWord) != 0;
}

void AddedTokenMatcher::split(std::string_view text, bool allowSpecial,
                              std::vector<Section>& sections) const {
  if (text.empty()) return;
  size_t done = 0;  // end of the last section
  size_t at = 0;
  while (at < text.size()) {
    const Range& range = byFirstByte_[static_cast<uint8_t>(text[at])];
    const int32_t found = range.begin == range.end ? -1 : longestAt(text.substr(at));
    if (found < 0) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[static_cast<size_t>(found)];
    size_t begin = at;
    size_t end = at + spellings_[static_cast<size_t>(found)].size();
    at = end;
    if (token.isSpecial && !allowSpecial) continue;
    if (token.isSingleWord && touchesWord(text.substr(0, begin), text.substr(end))) continue;
    if (token.stripsLeft) {
      while (begin > done) {
        const size_t last = lastCharacter(text.substr(0, begin));
        if ((classOfFirst(text.substr(last)) & kSpace) == 0) break;
        begin = last;
      }
      begin = std::max(begin, done);
    }
    if (token.stripsRight)
      while (end < text.size() && (classOfFirst(text.substr(end)) & kSpace) != 0)
        end += utf8Length(text[end]);
    if (done < begin) sections.push_back({text.substr(done, begin - done), -1});
    sections.push_back({text.substr(begin, end - begin), token.id});
    done = end;
  }
  if (done != text.size()) sections.push_back({text.substr(done), -1});
}

}  // namespace z2
