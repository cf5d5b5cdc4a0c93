#pragma once

// Lists of word numbers: which words hold a pair. A list is written once and read once, when its
// pair merges. Long lists have memory of their own, given back at release; short ones share chunks
// that live as long as the store; one word lies in the handle itself.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace z2 {

// A handle; it owns nothing.
struct Posting {
  union {
    uint32_t* list = nullptr;
    uint32_t word;
  };
  uint32_t length = 0;

  [[nodiscard]] std::span<const uint32_t> span() const {
    return {length == 1 ? &word : list, length};
  }
};

class PostingStore {
 public:
  // Room for `length` words, which the caller fills at the returned place before `posting` is read.
  // nullptr for a list of one: that is made with single().
  [[nodiscard]] uint32_t* allocate(uint32_t length, Posting& posting);
  [[nodiscard]] static Posting single(uint32_t word) {
    Posting posting;
    posting.word = word;
    posting.length = 1;
    return posting;
  }
  void release(const Posting& posting);

 private:
  std::unordered_map<const uint32_t*, std::unique_ptr<uint32_t[]>> longLists_;
  std::vector<std::unique_ptr<uint32_t[]>> chunks_;
  uint32_t* free_ = nullptr;
  size_t freeWords_ = 0;
};

}  // namespace z2
