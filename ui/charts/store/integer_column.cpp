#include "ui/charts/store/integer_column.h"

namespace z2::ui {

void IntegerColumn::push(int64_t value) {
  const auto within = static_cast<int64_t>(size_ % kBlock);
  if (within == 0) blocks_.push_back({.first = value, .stride = 0, .values = nullptr});
  Block& block = blocks_.back();
  if (within == 1) block.stride = value - block.first;
  if (!block.values && value != block.first + within * block.stride) {
    block.values = std::make_unique_for_overwrite<int64_t[]>(kBlock);
    for (int64_t i = 0; i < within; ++i) block.values[i] = block.first + i * block.stride;
  }
  if (block.values) block.values[within] = value;
  ++size_;
}

void IntegerColumn::truncate(size_t size) {
  if (size >= size_) return;
  size_ = size;
  blocks_.resize((size + kBlock - 1) / kBlock);
}

size_t IntegerColumn::bytes() const {
  size_t bytes = blocks_.capacity() * sizeof(Block);
  for (const Block& block : blocks_) bytes += block.values ? kBlock * sizeof(int64_t) : 0;
  return bytes;
}

}  // namespace z2::ui
