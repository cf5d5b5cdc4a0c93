#pragma once

// Steps and tokens: integers that mostly rise by the same amount, and then cost no memory.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace z2::ui {

// Blocks of 64 values; a block whose values lie on a line is kept as that line (0.4 bytes a value),
// any other as its values (8.4 bytes). Thread-compatible.
class IntegerColumn {
 public:
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] int64_t operator[](size_t i) const {
    const Block& block = blocks_[i / kBlock];
    const auto within = static_cast<int64_t>(i % kBlock);
    return block.values ? block.values[within] : block.first + within * block.stride;
  }
  void push(int64_t value);
  void truncate(size_t size);
  [[nodiscard]] size_t bytes() const;

 private:
  static constexpr size_t kBlock = 64;
  struct Block {
    int64_t first = 0;
    int64_t stride = 0;
    std::unique_ptr<int64_t[]> values;  // null while the values lie on the line
  };

  std::vector<Block> blocks_;
  size_t size_ = 0;
};

}  // namespace z2::ui
