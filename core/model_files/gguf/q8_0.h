#pragma once

// ggml's Q8_0: blocks of 32 values, each an fp16 scale d and 32 signed bytes q; a value is d q.

#include <cstddef>
#include <cstdint>
#include <span>

namespace z2 {

inline constexpr int64_t kQ8BlockSize = 32;  // values
inline constexpr int64_t kQ8BlockBytes = 34;

// d is the largest magnitude / 127, q rounds half away from zero, as ggml's reference does.
// values.size() is a multiple of the block, bytes.size() what its blocks take.
void quantizeQ8(std::span<const float> values, std::span<std::byte> bytes);
void dequantizeQ8(std::span<const std::byte> bytes, std::span<float> values);

}  // namespace z2
