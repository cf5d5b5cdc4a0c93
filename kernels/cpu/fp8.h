#pragma once

// Floats of 8 bits (Micikevicius et al., "FP8 formats for deep learning", 2022): E4M3 has 3 bits of
// mantissa, no infinity and 448 as its greatest number; E5M2 2 bits and 57,344.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/fp8.h"

namespace z2 {

struct Fp8Format {
  int mantissaBits;
  int bias;
  uint8_t greatest;  // its code
  uint8_t notANumber;
  float greatestValue;
};

inline Fp8Format formatOf(Z2DType type) {
  return type == Z2_E4M3 ? Fp8Format{3, 7, 0x7E, 0x7F, 448.0f}
                         : Fp8Format{2, 15, 0x7B, 0x7F, 57344.0f};
}

// To nearest even; beyond the greatest number, infinity included, that one.
inline uint8_t encodeFp8(float value, Z2DType type) {
  const Fp8Format format = formatOf(type);
  const auto sign = static_cast<uint8_t>(std::signbit(value) ? 0x80 : 0);
  const float size = std::fabs(value);
  if (std::isnan(value)) return sign | format.notANumber;
  if (size >= format.greatestValue) return sign | format.greatest;
  // Subnormal numbers have the smallest normal one's exponent.
  const int exponent = size == 0 ? 1 - format.bias : std::max(1 - format.bias, std::ilogb(size));
  const auto mantissa =
      static_cast<int>(std::nearbyint(std::ldexp(size, format.mantissaBits - exponent)));
  // The leading bit of the mantissa adds 1 to the exponent's field, and rounding up may add
  // another.
  return static_cast<uint8_t>(sign |
                              (((exponent + format.bias - 1) << format.mantissaBits) + mantissa));
}

// The scale of a tensor with that greatest magnitude; see Z2Scale.
inline float scaleFor(float amax, Z2DType type) {
  constexpr int kLeast = -124;
  const int step = type == Z2_E4M3 ? 2 : 4;
  if (!std::isfinite(amax)) return NAN;
  if (amax == 0) return 1.0f;
  int exponent = 0;
  const double part =
      std::frexp(static_cast<double>(amax) / formatOf(type).greatestValue, &exponent);
  if (part == 0.5) --exponent;  // of a power of two: itself
  const int steps = static_cast<int>(std::ceil(exponent / static_cast<double>(step)));
  return std::ldexp(1.0f, std::max(steps * step, kLeast));
}

inline float decodeFp8(uint8_t code, Z2DType type) {
  const Fp8Format format = formatOf(type);
  const int field = (code & 0x7F) >> format.mantissaBits;
  const int fraction = code & ((1 << format.mantissaBits) - 1);
  const float sign = (code & 0x80) != 0 ? -1.0f : 1.0f;
  if ((code & 0x7F) > format.greatest)
    return type == Z2_E5M2 && fraction == 0 ? sign * INFINITY : sign * NAN;
  const int leading = field == 0 ? 0 : 1 << format.mantissaBits;
  return sign * std::ldexp(static_cast<float>(leading + fraction),
                           std::max(field, 1) - format.bias - format.mantissaBits);
}

}  // namespace z2
