#pragma once

// A column of numbers that grows at its end without ever moving what it holds.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace z2::ui {

// Appending never copies old values and wastes at most one chunk. Whole chunks may lie in foreign
// memory (a mapped file). Thread-compatible.
template <typename T>
class ChunkedColumn {
 public:
  static constexpr size_t kChunk = 1024;

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] T operator[](size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  // From i to the end of its chunk, or of the column.
  [[nodiscard]] std::span<const T> stretch(size_t i) const {
    const size_t within = i % kChunk;
    return {chunks_[i / kChunk] + within, std::min(kChunk - within, size_ - i)};
  }

  void push(T value) {
    if (size_ % kChunk == 0) {
      owned_.push_back(std::make_unique_for_overwrite<T[]>(kChunk));
      chunks_.push_back(owned_.back().get());
    }
    owned_.back()[size_++ % kChunk] = value;
  }

  // Keeps the first `size` values.
  void truncate(size_t size) {
    if (size >= size_) return;
    size_ = size;
    const size_t kept = (size + kChunk - 1) / kChunk;
    chunks_.resize(kept);
    owned_.resize(kept);
    if (size % kChunk != 0) ownLastChunk();
  }

  // For an empty column: takes `values` where they are; `owner` keeps them alive.
  void adopt(std::span<const T> values, std::shared_ptr<const void> owner) {
    owner_ = std::move(owner);
    size_ = values.size();
    for (size_t start = 0; start < size_; start += kChunk) {
      chunks_.push_back(values.data() + start);
      owned_.emplace_back();
    }
    if (size_ % kChunk != 0) ownLastChunk();
  }

  [[nodiscard]] size_t bytes() const {
    size_t chunks = 0;
    for (const auto& chunk : owned_) chunks += chunk != nullptr ? 1 : 0;
    return chunks * kChunk * sizeof(T) + chunks_.capacity() * 2 * sizeof(void*);
  }

 private:
  // A chunk that is to be appended to cannot stay in foreign memory; that may also end with the
  // last value.
  void ownLastChunk() {
    if (owned_.back() != nullptr) return;
    owned_.back() = std::make_unique_for_overwrite<T[]>(kChunk);
    std::copy_n(chunks_.back(), (size_ - 1) % kChunk + 1, owned_.back().get());
    chunks_.back() = owned_.back().get();
  }

  std::vector<const T*> chunks_;
  std::vector<std::unique_ptr<T[]>> owned_;  // beside chunks_; null: the chunk is foreign
  std::shared_ptr<const void> owner_;
  size_t size_ = 0;
};

}  // namespace z2::ui
