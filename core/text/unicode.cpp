#include "core/text/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/unicode_tables.h"
#include "core/text/utf8.h"

namespace z2 {

UnicodeClasses::UnicodeClasses() {
  std::map<std::vector<uint8_t>, uint16_t> known;
  size_t range = 0;
  std::vector<uint8_t> block(256);
  for (uint32_t i = 0; i < index_.size(); ++i) {
    for (uint32_t j = 0; j < 256; ++j) {
      const uint32_t codePoint = i << 8 | j;
      while (range + 1 < tables::kClassRangesCount &&
             tables::kClassRanges[range + 1] >> 8 <= codePoint)
        ++range;
      block[j] = static_cast<uint8_t>(tables::kClassRanges[range] & 0xFF);
    }
    const auto [entry, isNew] = known.emplace(block, static_cast<uint16_t>(known.size()));
    if (isNew) blocks_.insert(blocks_.end(), block.begin(), block.end());
    index_[i] = entry->second;
  }
}

const UnicodeClasses& UnicodeClasses::get() {
  static const UnicodeClasses classes;
  return classes;
}

namespace {

// 0: none.
char32_t standInFor(char32_t codePoint) {
  size_t low = 0;
  size_t high = tables::kStandInsCount / 3;
  while (low < high) {  // the first range that begins after it
    const size_t middle = (low + high) / 2;
    if (tables::kStandIns[middle * 3] <= codePoint)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return 0;
  const uint32_t* range = tables::kStandIns + (low - 1) * 3;
  return codePoint <= range[1] ? range[2] : 0;
}

// Lead bytes of characters that may have a stand-in, so that most texts are passed over quickly.
std::array<bool, 256> leadsWithStandIns() {
  std::array<bool, 256> leads{};
  for (size_t i = 0; i < tables::kStandInsCount; i += 3)
    for (uint32_t c = tables::kStandIns[i]; c <= tables::kStandIns[i + 1]; c += 64) {
      std::string bytes;
      appendUtf8(bytes, std::min(c, tables::kStandIns[i + 1]));
      leads[static_cast<uint8_t>(bytes[0])] = true;
    }
  return leads;
}

}  // namespace

std::string_view withStandIns(std::string_view text, std::string& buffer) {
  static const std::array<bool, 256> kLeads = leadsWithStandIns();
  bool isChanged = false;
  for (size_t at = 0; at < text.size();) {
    if (!kLeads[static_cast<uint8_t>(text[at])]) {
      ++at;
      continue;
    }
    uint32_t length = 0;
    const char32_t standIn = standInFor(decodeValidUtf8(text.data() + at, length));
    if (standIn != 0) {
      if (!isChanged) buffer.assign(text);
      isChanged = true;
      std::string bytes;
      appendUtf8(bytes, standIn);
      buffer.replace(at, length, bytes);
    }
    at += length;
  }
  return isChanged ? std::string_view(buffer) : text;
}

}  // namespace z2
