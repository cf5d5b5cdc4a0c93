#include "core/text/normalize.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text/unicode.h"
#include "core/text/unicode_tables.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

// Hangul syllables are computed: The Unicode Standard, section 3.12.
constexpr uint32_t kSyllables = 0xAC00, kLead = 0x1100, kVowel = 0x1161, kTail = 0x11A7;
constexpr uint32_t kLeads = 19, kVowels = 21, kTails = 28;

using Mapping = std::unordered_map<uint32_t, std::span<const uint32_t>>;

class NormalizationData {
 public:
  static const NormalizationData& get() {
    static const NormalizationData data;
    return data;
  }

  [[nodiscard]] int combiningClass(uint32_t codePoint) const {
    const auto found = combining_.find(codePoint);
    return found == combining_.end() ? 0 : found->second;
  }

  // 0: the two do not compose.
  [[nodiscard]] uint32_t compose(uint32_t first, uint32_t second) const {
    if (first - kLead < kLeads && second - kVowel < kVowels)
      return kSyllables + ((first - kLead) * kVowels + (second - kVowel)) * kTails;
    if (first - kSyllables < kLeads * kVowels * kTails && (first - kSyllables) % kTails == 0 &&
        second - kTail - 1 < kTails - 1)
      return first + (second - kTail);
    const auto found = compositions_.find(uint64_t{first} << 32 | second);
    return found == compositions_.end() ? 0 : found->second;
  }

  void decompose(uint32_t codePoint, bool isCompatible, std::vector<uint32_t>& out) const {
    if (codePoint - kSyllables < kLeads * kVowels * kTails) {
      const uint32_t index = codePoint - kSyllables;
      out.push_back(kLead + index / (kVowels * kTails));
      out.push_back(kVowel + index % (kVowels * kTails) / kTails);
      if (index % kTails != 0) out.push_back(kTail + index % kTails);
      return;
    }
    if (isCompatible && append(compatible_, codePoint, out)) return;
    if (append(canonical_, codePoint, out)) return;
    out.push_back(codePoint);
  }

  [[nodiscard]] const Mapping& lower() const { return lower_; }

 private:
  NormalizationData()
      : canonical_(readMapping(tables::kCanonical, tables::kCanonicalCount)),
        compatible_(readMapping(tables::kCompatible, tables::kCompatibleCount)),
        lower_(readMapping(tables::kLower, tables::kLowerCount)) {
    for (size_t i = 0; i < tables::kCombiningCount; i += 3)
      for (uint32_t c = tables::kCombining[i]; c <= tables::kCombining[i + 1]; ++c)
        combining_[c] = static_cast<int>(tables::kCombining[i + 2]);
    for (size_t i = 0; i < tables::kCompositionsCount; i += 3)
      compositions_[uint64_t{tables::kCompositions[i]} << 32 | tables::kCompositions[i + 1]] =
          tables::kCompositions[i + 2];
  }

  static Mapping readMapping(const uint32_t* values, size_t count) {
    Mapping mapping;
    for (size_t i = 0; i < count;) {
      const uint32_t length = values[i] >> 24;
      mapping.emplace(values[i] & 0xFFFFFF, std::span(values + i + 1, length));
      i += 1 + length;
    }
    return mapping;
  }

  static bool append(const Mapping& mapping, uint32_t codePoint, std::vector<uint32_t>& out) {
    const auto found = mapping.find(codePoint);
    if (found == mapping.end()) return false;
    out.insert(out.end(), found->second.begin(), found->second.end());
    return true;
  }

  Mapping canonical_;
  Mapping compatible_;
  Mapping lower_;
  std::unordered_map<uint32_t, int> combining_;
  std::unordered_map<uint64_t, uint32_t> compositions_;
};

// Canonical ordering: runs of marks sorted by class, in place and stably.
void reorderMarks(const NormalizationData& data, std::vector<uint32_t>& text) {
  for (size_t i = 0; i < text.size();) {
    if (data.combiningClass(text[i]) == 0) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < text.size() && data.combiningClass(text[end]) != 0) ++end;
    std::stable_sort(
        text.begin() + static_cast<ptrdiff_t>(i), text.begin() + static_cast<ptrdiff_t>(end),
        [&](uint32_t a, uint32_t b) { return data.combiningClass(a) < data.combiningClass(b); });
    i = end;
  }
}

// Canonical composition, in place: a mark joins the last starter unless one of the same or a
// higher class stands between them.
void composeMarks(const NormalizationData& data, std::vector<uint32_t>& text) {
  constexpr size_t kNone = SIZE_MAX;
  size_t starter = kNone;
  int lastClass = -1;  // of what stands between the starter and here; -1: nothing
  size_t written = 0;
  for (const uint32_t codePoint : text) {
    const int combiningClass = data.combiningClass(codePoint);
    if (starter != kNone && lastClass < combiningClass) {
      const uint32_t composed = data.compose(text[starter], codePoint);
      if (composed != 0) {
        text[starter] = composed;
        continue;
      }
    }
    if (combiningClass == 0) {
      starter = written;
      lastClass = -1;
    } else {
      lastClass = combiningClass;
    }
    text[written++] = codePoint;
  }
  text.resize(written);
}

bool isPlainlyNormal(std::string_view text, NormalizationForm form) {
  const bool isNfc = form == NormalizationForm::kNfc;
  const UnicodeClasses& classes = UnicodeClasses::get();
  for (size_t at = 0; at < text.size();) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    if (!isNfc) return false;
    uint32_t length = 0;
    if ((classes.of(decodeValidUtf8(text.data() + at, length)) & kChangesInNfc) != 0) return false;
    at += length;
  }
  return true;
}

}  // namespace

std::string_view normalizeUnicode(std::string_view text, NormalizationForm form,
                                  std::string& buffer) {
  if (isPlainlyNormal(text, form)) return text;
  const NormalizationData& data = NormalizationData::get();
  const bool isCompatible = form == NormalizationForm::kNfkc || form == NormalizationForm::kNfkd;
  std::vector<uint32_t> codePoints;
  codePoints.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    uint32_t length = 0;
    data.decompose(decodeValidUtf8(text.data() + at, length), isCompatible, codePoints);
    at += length;
  }
  reorderMarks(data, codePoints);
  if (form == NormalizationForm::kNfc || form == NormalizationForm::kNfkc)
    composeMarks(data, codePoints);
  buffer.clear();
  buffer.reserve(text.size() + 16);
  for (const uint32_t codePoint : codePoints) appendUtf8(buffer, codePoint);
  return buffer;
}

std::string lowerCase(std::string_view text) {
  const Mapping& lower = NormalizationData::get().lower();
  std::string lowered;
  lowered.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    uint32_t length = 0;
    const uint32_t codePoint = decodeValidUtf8(text.data() + at, length);
    at += length;
    const auto found = lower.find(codePoint);
    if (found == lower.end())
      appendUtf8(lowered, codePoint);
    else
      for (const uint32_t part : found->second) appendUtf8(lowered, part);
  }
  return lowered;
}

}  // namespace z2
