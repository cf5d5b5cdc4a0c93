#pragma once

// Buffers of a benchmark on the device that a table belongs to.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/error.h"
#include "kernels/ops.h"

namespace z2 {

// A failed status of the table as an error in the table's words.
[[nodiscard]] Result<void> checked(const Z2Ops& ops, Z2Status status);

// Owns what it hands out until it dies. Elements are small numbers that differ; indices too.
class BenchMemory {
 public:
  explicit BenchMemory(const Z2Ops& ops) : ops_(&ops) {}

  [[nodiscard]] Result<void*> elements(int64_t n, Z2DType type);
  [[nodiscard]] Result<float*> floats(int64_t n);
  [[nodiscard]] Result<int32_t*> indices(const std::vector<int32_t>& values);
  [[nodiscard]] Result<void*> bytes(size_t size);

 private:
  struct Release {
    const Z2Ops* ops;
    void operator()(void* memory) const { ops->release(ops->context, memory); }
  };

  const Z2Ops* ops_;
  std::vector<std::unique_ptr<void, Release>> owned_;
};

}  // namespace z2
