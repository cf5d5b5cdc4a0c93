#include "core/model_files/gguf/q8_0.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/model_files/element_conversion.h"

namespace z2 {

namespace {

constexpr float kLargest = 127.0f;
constexpr size_t kScaleBytes = 2;
constexpr auto kBlock = static_cast<size_t>(kQ8BlockSize);
constexpr auto kBytes = static_cast<size_t>(kQ8BlockBytes);

void checkSizes(size_t values, size_t bytes) {
  Z2_CHECK(values % kBlock == 0 && bytes == values / kBlock * kBytes,
           "Q8_0 is made of whole blocks");
}

}  // namespace

void quantizeQ8(std::span<const float> values, std::span<std::byte> bytes) {
  checkSizes(values.size(), bytes.size());
  for (; !values.empty(); values = values.subspan(kBlock), bytes = bytes.subspan(kBytes)) {
    float magnitude = 0;
    for (const float value : values.first(kBlock))
      magnitude = std::max(magnitude, std::fabs(value));
    const float scale = magnitude / kLargest;
    const float inverse = scale == 0 ? 0.0f : 1.0f / scale;
    narrow(std::span(&scale, 1), DType::kF16, bytes.first(kScaleBytes));
    for (size_t i = 0; i < kBlock; ++i)
      bytes[kScaleBytes + i] =
          static_cast<std::byte>(static_cast<int8_t>(std::round(values[i] * inverse)));
  }
}

void dequantizeQ8(std::span<const std::byte> bytes, std::span<float> values) {
  checkSizes(values.size(), bytes.size());
  for (; !values.empty(); values = values.subspan(kBlock), bytes = bytes.subspan(kBytes)) {
    float scale = 0;
    widen(DType::kF16, bytes.first(kScaleBytes), std::span(&scale, 1));
    for (size_t i = 0; i < kBlock; ++i)
      values[i] = scale * static_cast<float>(static_cast<int8_t>(bytes[kScaleBytes + i]));
  }
}

}  // namespace z2
