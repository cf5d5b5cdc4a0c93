#include "core/tokenizer/merge_table.h"

#include <bit>
#include <cstdint>
#include <vector>

namespace z2 {

Result<MergeTable> MergeTable::create(const std::vector<Entry>& entries) {
  MergeTable table;
  if (entries.size() >= kMaxMerges)
    return badInput("merges", "there are more merges than this program can hold");
  const size_t capacity = std::bit_ceil(entries.size() * 2 + 2);
  table.slots_.assign(capacity, kEmpty);
  table.mask_ = capacity - 1;
  table.shift_ = 64 - std::countr_zero(capacity);
  table.merges_.reserve(entries.size());
  for (const Entry& entry : entries) {
    if (static_cast<uint32_t>(entry.left) >= kMaxSymbols ||
        static_cast<uint32_t>(entry.right) >= kMaxSymbols)
      return badInput("vocabulary", "there are more symbols than this program can hold");
    const uint64_t key =
        uint64_t{static_cast<uint32_t>(entry.left)} << 21 | static_cast<uint32_t>(entry.right);
    size_t at = hashOf(key) >> table.shift_;
    while (table.slots_[at] != kEmpty && table.slots_[at] >> 22 != key) at = (at + 1) & table.mask_;
    table.slots_[at] = key << 22 | table.merges_.size();
    table.merges_.push_back({entry.priority, entry.result});
  }
  return table;
}

}  // namespace z2
