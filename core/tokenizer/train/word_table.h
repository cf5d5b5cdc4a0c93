#pragma once

// Counts words, as bytes: an open-addressing table whose bytes lie in an arena.
//
// One table belongs to one thread. Words are never removed; clear() gives all memory back.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace z2 {

// The hash that tables, spill files and samples share: a word is in one partition and in or out of
// a sample on every machine and with any number of threads.
[[nodiscard]] uint64_t hashOfWord(std::string_view word);

class WordTable {
 public:
  void add(std::string_view word, uint64_t count = 1) { add(word, hashOfWord(word), count); }
  void add(std::string_view word, uint64_t hash, uint64_t count);
  // Adds all of `other`, which is left empty.
  void absorb(WordTable& other);
  void clear();

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] uint64_t byteCount() const { return byteCount_; }  // of all distinct words
  [[nodiscard]] size_t memoryBytes() const;

  // visit(word, count) for every word, in no order that means anything.
  template <typename Visit>
  void forEach(Visit&& visit) const {
    for (const Slot& slot : slots_)
      if (slot.count > 0) visit(std::string_view(slot.bytes, slot.length), slot.count);
  }

 private:
  struct Slot {
    const char* bytes = nullptr;
    uint64_t count = 0;  // 0: the slot is free
    uint32_t length = 0;
    uint32_t tag = 0;  // high half of the hash: most other words are told apart without a look
  };
  void grow();
  [[nodiscard]] const char* keep(std::string_view word);

  std::vector<Slot> slots_;  // a power of two
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t size_ = 0;
  uint64_t byteCount_ = 0;
  size_t chunkMemory_ = 0;
  char* free_ = nullptr;
  size_t freeBytes_ = 0;
};

}  // namespace z2
