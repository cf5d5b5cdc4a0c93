#include "core/tokenizer/train/word_table.h"

#include <cstring>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr size_t kFirstSlots = size_t{1} << 12;
constexpr size_t kChunkBytes = size_t{1} << 18;

}  // namespace

uint64_t hashOfWord(std::string_view word) { return XXH3_64bits(word.data(), word.size()); }

void WordTable::add(std::string_view word, uint64_t hash, uint64_t count) {
  Z2_CHECK(word.size() <= UINT32_MAX, "a word is longer than any block of text");
  // At three quarters full, a search ends after two looks on average.
  if (size_ * 4 >= slots_.size() * 3) grow();
  const size_t mask = slots_.size() - 1;
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t index = hash & mask;; index = (index + 1) & mask) {
    Slot& slot = slots_[index];
    if (slot.count == 0) {
      slot = {keep(word), count, static_cast<uint32_t>(word.size()), tag};
      ++size_;
      byteCount_ += word.size();
      return;
    }
    if (slot.tag == tag && slot.length == word.size() &&
        std::memcmp(slot.bytes, word.data(), word.size()) == 0) {
      slot.count += count;
      return;
    }
  }
}

void WordTable::absorb(WordTable& other) {
  if (other.size_ > size_) std::swap(*this, other);
  other.forEach([&](std::string_view word, uint64_t count) { add(word, count); });
  other.clear();
}

void WordTable::clear() { *this = WordTable(); }

size_t WordTable::memoryBytes() const { return slots_.size() * sizeof(Slot) + chunkMemory_; }

void WordTable::grow() {
  std::vector<Slot> wider(slots_.empty() ? kFirstSlots : slots_.size() * 2);
  const size_t mask = wider.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.count == 0) continue;
    size_t index = hashOfWord({slot.bytes, slot.length}) & mask;
    while (wider[index].count > 0) index = (index + 1) & mask;
    wider[index] = slot;
  }
  slots_ = std::move(wider);
}

const char* WordTable::keep(std::string_view word) {
  if (word.size() > freeBytes_) {
    const size_t size = word.size() > kChunkBytes ? word.size() : kChunkBytes;
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    chunkMemory_ += size;
    free_ = chunks_.back().get();
    freeBytes_ = size;
  }
  char* place = free_;
  std::memcpy(place, word.data(), word.size());
  free_ += word.size();
  freeBytes_ -= word.size();
  return place;
}

}  // namespace z2
