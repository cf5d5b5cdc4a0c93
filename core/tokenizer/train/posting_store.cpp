#include "core/tokenizer/train/posting_store.h"

#include <utility>

namespace z2 {

namespace {

constexpr uint32_t kLongList = 512;
// A place in the chunks has 32 bits; what comes after gets memory of its own.
constexpr size_t kMostChunks = size_t{1} << 16;

}  // namespace

Posting PostingStore::allocate(uint32_t length) {
  Posting posting;
  posting.length = length;
  if (length == 1) return posting;
  const bool fitsLastChunk = length <= kChunkWords - usedWords_;
  if (length >= kLongList || (!fitsLastChunk && chunks_.size() == kMostChunks)) {
    posting.hasOwnMemory = 1;
    auto list = std::make_unique_for_overwrite<uint32_t[]>(length);
    if (freeNumbers_.empty()) {
      posting.place = static_cast<uint32_t>(longLists_.size());
      longLists_.push_back(std::move(list));
    } else {
      posting.place = freeNumbers_.back();
      freeNumbers_.pop_back();
      longLists_[posting.place] = std::move(list);
    }
    return posting;
  }
  if (!fitsLastChunk) {
    chunks_.push_back(std::make_unique_for_overwrite<uint32_t[]>(kChunkWords));
    usedWords_ = 0;
  }
  posting.place = static_cast<uint32_t>(chunks_.size() - 1) * kChunkWords + usedWords_;
  usedWords_ += length;
  return posting;
}

void PostingStore::release(const Posting& posting) {
  if (posting.hasOwnMemory == 0) return;
  longLists_[posting.place].reset();
  freeNumbers_.push_back(posting.place);
}

}  // namespace z2
