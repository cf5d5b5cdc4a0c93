#pragma once

#include <cstdint>
#include <vector>

#include "core/base/error.h"
#include "core/data/batch_sampler.h"
#include "kernels/ops.h"

namespace z2 {

// A micro-batch on the device. The pointers belong to an arena; the contents are those of the last
// upload.
struct DeviceBatch {
  int32_t* tokens = nullptr;         // [rows, columns]
  int32_t* targets = nullptr;        // [rows, columns]
  int32_t* positions = nullptr;      // [rows, columns]
  int32_t* documentStart = nullptr;  // [rows, columns]
  int64_t rows = 0;
  int64_t columns = 0;
  bool hasDocuments = false;
  // Positions of a batch that brings none, kept as long as a copy of them may be under way.
  std::vector<int32_t> counted;
  int64_t countedColumns = 0;

  [[nodiscard]] int64_t size() const { return rows * columns; }
  [[nodiscard]] const int32_t* documents() const { return hasDocuments ? documentStart : nullptr; }

  // Checks shapes, ids (in [0, vocabSize)) and positions (in [0, maxPositions)) first. A batch
  // without positions counts them from 0 in each row.
  [[nodiscard]] Result<void> upload(const Z2Ops& ops, const Batch& batch, int64_t maxRows,
                                    int64_t maxColumns, int64_t vocabSize);
};

}  // namespace z2
