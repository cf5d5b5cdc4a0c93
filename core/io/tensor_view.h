#pragma once

// A named tensor in host memory, as files give and take it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/dtype.h"

namespace z2 {

// The bytes belong to whoever made the view: little-endian, row-major, dense. They need not be
// aligned for their type (a foreign file may begin anywhere), so copy them out with memcpy.
struct TensorView {
  std::string name;
  DType type = DType::kF32;
  std::vector<int64_t> shape;
  std::span<const std::byte> bytes;
};

}  // namespace z2
