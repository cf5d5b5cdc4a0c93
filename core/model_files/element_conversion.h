#pragma once

// Elements of files to fp32 and back, all roundings to nearest even. Bytes need no alignment.

#include <cstddef>
#include <span>

#include "core/base/dtype.h"

namespace z2 {

// bytes.size() == values.size() * sizeOf(type). Exact.
void widen(DType type, std::span<const std::byte> bytes, std::span<float> values);
void narrow(std::span<const float> values, DType type, std::span<std::byte> bytes);

}  // namespace z2
