#pragma once

// Which documents share a row: best-fit-decreasing bin packing (Johnson, "Near-optimal bin packing
// algorithms", 1973). The longest unit comes first, each into the bin with the least room that
// still takes it.
//
// Only lengths decide, so the bins of all epochs have the same shape and any bin of any epoch is
// found at once: what an epoch draws anew is the order of the bins and which of the units of equal
// lengths stands where.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// The part of the samples for fine-tuning that may be cut, or have no trained token, unless a user
// allows more.
inline constexpr double kMostUnfitSamples = 0.05;

// What stays together: one sequence (then `second` is 0), or two that must be in the same bin.
struct PackUnit {
  uint64_t document = 0;
  int32_t first = 0;  // columns it takes
  int32_t second = 0;
};

struct PackingReport {
  uint64_t documents = 0;  // of the token file
  uint64_t leftOut = 0;    // of these: nothing would be trained
  uint64_t cut = 0;        // of the others: longer than a row; their rest is not seen
  uint64_t rows = 0;       // of an epoch
  uint64_t columns = 0;    // rows × sequence length
  uint64_t usedColumns = 0;
  uint64_t trainedTokens = 0;  // targets of an epoch

  [[nodiscard]] double efficiency() const;  // share of the columns in use; 0 without any
  PackingReport& operator+=(const PackingReport& other);
};

// Immutable and thread-safe. Memory: 21 bytes a unit.
class Packing {
 public:
  struct Shape {
    int64_t columns = 0;
    int rows = 1;          // of a bin: 1, or 2 for units of two sequences
    bool isPacked = true;  // false: each unit has a bin of its own
  };

  // Every sequence has 1 … columns columns. O(n log n).
  Packing(std::vector<PackUnit> units, Shape shape);

  [[nodiscard]] uint64_t bins() const { return starts_.size() - 1; }
  [[nodiscard]] uint64_t usedColumns() const { return usedColumns_; }

  struct Placed {
    PackUnit unit;
    int firstRow = 0;  // in its bin
    int secondRow = 0;
  };
  // The units of the bin at place `index` < bins() of the epoch whose key is given; without a key
  // all bins in the order in which they were packed. In a row they stand in this order.
  void bin(uint64_t index, std::optional<uint64_t> key, std::vector<Placed>& out) const;

 private:
  class Bins;
  [[nodiscard]] uint64_t unitAt(uint64_t place, std::optional<uint64_t> key) const;

  std::vector<PackUnit> units_;   // longest first
  std::vector<uint64_t> starts_;  // of each bin in the two that follow
  std::vector<uint32_t> places_;  // indices of units_
  std::vector<uint8_t> rows_;     // bit 0: row of the first sequence, bit 1: of the second
  uint64_t usedColumns_ = 0;
};

}  // namespace z2
