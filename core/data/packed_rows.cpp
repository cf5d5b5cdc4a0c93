#include "core/data/packed_rows.h"

#include <cstdint>

#include "core/base/check.h"

namespace z2 {

PackedRows::PackedRows(Batch& batch, int64_t rows, int64_t columns)
    : batch_(batch), used_(static_cast<size_t>(rows), 0) {
  const auto size = static_cast<size_t>(rows * columns);
  batch.rows = rows;
  batch.columns = columns;
  batch.validTokens = 0;
  batch.tokens.resize(size);
  batch.targets.resize(size);
  batch.positions.resize(size);
  batch.documentStart.resize(size);
}

int64_t PackedRows::put(int64_t row, std::span<const int32_t> ids, std::span<const uint8_t> mask) {
  int64_t& used = used_[static_cast<size_t>(row)];
  const int64_t begin = used;
  Z2_CHECK(ids.size() >= 2 && mask.size() == ids.size());
  Z2_CHECK(static_cast<int64_t>(ids.size()) - 1 <= batch_.columns - begin);
  const auto base = static_cast<size_t>(row * batch_.columns + begin);
  for (size_t i = 0; i + 1 < ids.size(); ++i) {
    const bool isCounted = mask[i + 1] != 0;
    batch_.tokens[base + i] = ids[i];
    batch_.targets[base + i] = isCounted ? ids[i + 1] : -1;
    batch_.positions[base + i] = static_cast<int32_t>(i);
    batch_.documentStart[base + i] = static_cast<int32_t>(begin);
    batch_.validTokens += isCounted ? 1 : 0;
  }
  used += static_cast<int64_t>(ids.size()) - 1;
  return begin;
}

void PackedRows::finish() {
  for (size_t row = 0; row < used_.size(); ++row)
    for (int64_t column = used_[row]; column < batch_.columns; ++column) {
      const size_t at = row * static_cast<size_t>(batch_.columns) + static_cast<size_t>(column);
      batch_.tokens[at] = 0;
      batch_.targets[at] = -1;
      batch_.positions[at] = static_cast<int32_t>(column - used_[row]);
      batch_.documentStart[at] = static_cast<int32_t>(used_[row]);
    }
}

}  // namespace z2
