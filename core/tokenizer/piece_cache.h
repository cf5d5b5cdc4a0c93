#pragma once

// The ids of short pre-tokens that were encoded before. One per thread; fixed in size.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace z2 {

// Two-way set associative: an entry is one cache line, and a new one takes the place of the older
// of its two. What is longer than an entry holds is not kept.
class PieceCache {
 public:
  static constexpr size_t kMaxKey = 27;
  static constexpr size_t kMaxIds = 8;

  struct alignas(64) Entry {
    uint8_t length = 0;  // 0: free
    uint8_t count = 0;
    uint8_t padding[3] = {};
    char key[kMaxKey] = {};
    std::array<int32_t, kMaxIds> ids{};
  };
  static_assert(sizeof(Entry) == 64);

  void clear() {
    entries_.clear();
    inserted_ = 0;
  }

  // The place of a piece of 1 to kMaxKey bytes, until the next call: the memory grows with what was
  // inserted, so that a short text does not pay for 16 MB.
  [[nodiscard]] size_t placeOf(std::string_view piece) {
    if (inserted_ * 2 >= entries_.size() && entries_.size() < kMaxEntries) grow();
    return hashOf(piece) & (entries_.size() - 2);
  }
  // Null when it is not there. `place` is that of placeOf(piece).
  [[nodiscard]] const Entry* find(size_t place, std::string_view piece) {
    if (isFor(entries_[place], piece)) return &entries_[place];
    if (!isFor(entries_[place + 1], piece)) return nullptr;
    return &entries_[place + 1];
  }
  void insert(size_t place, std::string_view piece, std::span<const int32_t> ids) {
    if (ids.size() > kMaxIds) return;
    ++inserted_;
    entries_[place + 1] = entries_[place];
    Entry& entry = entries_[place];
    entry.length = static_cast<uint8_t>(piece.size());
    entry.count = static_cast<uint8_t>(ids.size());
    std::memcpy(entry.key, piece.data(), piece.size());
    std::copy(ids.begin(), ids.end(), entry.ids.begin());  // a piece may have none
  }

 private:
  static constexpr size_t kMinEntries = size_t{1} << 8;
  static constexpr size_t kMaxEntries = size_t{1} << 18;  // 16 MB

  void grow() {
    std::vector<Entry> old = std::exchange(entries_, {});
    entries_.resize(old.empty() ? kMinEntries : std::min(old.size() * 8, kMaxEntries));
    for (const Entry& entry : old) {
      if (entry.length == 0) continue;
      const size_t place = hashOf({entry.key, entry.length}) & (entries_.size() - 2);
      entries_[place + 1] = entries_[place];
      entries_[place] = entry;
    }
  }

  static bool isFor(const Entry& entry, std::string_view piece) {
    return entry.length == piece.size() && std::memcmp(entry.key, piece.data(), piece.size()) == 0;
  }

  static uint64_t read(const char* bytes, size_t count) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, count);
    return value;
  }
  __extension__ using Wide = unsigned __int128;
  static uint64_t mix(uint64_t a, uint64_t b) {
    const Wide product = Wide{a ^ 0xA0761D6478BD642FULL} * (b ^ 0xE7037ED1A0B428DBULL);
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
  // Reads up to 27 bytes in overlapping words.
  static uint64_t hashOf(std::string_view piece) {
    const char* p = piece.data();
    const size_t n = piece.size();
    if (n <= 8) {
      if (n == 8) return mix(read(p, 8), n);
      if (n >= 4) return mix(read(p, 4) << 32 | read(p + n - 4, 4), n);
      const auto byte = [&](size_t i) { return uint64_t{static_cast<uint8_t>(p[i])}; };
      return mix(byte(0) << 16 | byte(n / 2) << 8 | byte(n - 1), n);
    }
    if (n <= 16) return mix(read(p, 8), read(p + n - 8, 8) + n);
    const uint64_t head = mix(read(p, 8), read(p + 8, 8));
    return mix(head, read(p + n - 8, 8) + n) ^ read(p + (n > 24 ? 16 : n - 8), 8);
  }

  std::vector<Entry> entries_;
  size_t inserted_ = 0;
};

}  // namespace z2
