#pragma once

// Lists of word numbers: which words hold a pair. A list is written once and read once, when its
// pair merges. Long lists have memory of their own, given back at release; short ones share chunks
// that live as long as the store; one word lies in the handle itself.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace z2 {

// A handle of 8 bytes; it owns nothing.
struct Posting {
  uint32_t place = 0;  // the word itself, a place in the chunks, or the number of a long list
  uint32_t length : 31 = 0;
  uint32_t hasOwnMemory : 1 = 0;
};

class PostingStore {
 public:
  // A list of `length` >= 1 words for the caller to fill through words().
  [[nodiscard]] Posting allocate(uint32_t length);
  // Where the words of `posting` lie; of a single word that is in `posting`, which outlives it.
  [[nodiscard]] uint32_t* words(Posting& posting) {
    if (posting.length == 1) return &posting.place;
    if (posting.hasOwnMemory != 0) return longLists_[posting.place].get();
    return chunks_[posting.place / kChunkWords].get() + posting.place % kChunkWords;
  }
  void release(const Posting& posting);

 private:
  static constexpr uint32_t kChunkWords = uint32_t{1} << 16;

  std::vector<std::unique_ptr<uint32_t[]>> longLists_;
  std::vector<uint32_t> freeNumbers_;  // of longLists_
  std::vector<std::unique_ptr<uint32_t[]>> chunks_;
  uint32_t usedWords_ = kChunkWords;  // of the last chunk
};

}  // namespace z2
