#include "core/tokenizer/train/posting_store.h"

#include <utility>

namespace z2 {

namespace {

constexpr uint32_t kLongList = 512;
constexpr size_t kChunkWords = size_t{1} << 16;

}  // namespace

uint32_t* PostingStore::allocate(uint32_t length, Posting& posting) {
  posting.length = length;
  if (length <= 1) return nullptr;
  if (length >= kLongList) {
    auto list = std::make_unique_for_overwrite<uint32_t[]>(length);
    posting.list = list.get();
    longLists_.emplace(posting.list, std::move(list));
    return posting.list;
  }
  if (length > freeWords_) {
    chunks_.push_back(std::make_unique_for_overwrite<uint32_t[]>(kChunkWords));
    free_ = chunks_.back().get();
    freeWords_ = kChunkWords;
  }
  posting.list = free_;
  free_ += length;
  freeWords_ -= length;
  return posting.list;
}

void PostingStore::release(const Posting& posting) {
  if (posting.length >= kLongList) longLists_.erase(posting.list);
}

}  // namespace z2
