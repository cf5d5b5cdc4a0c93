#pragma once

// The element types of tensors as C++ types, and their scalar conversions.

#include <cstdint>
#include <cstring>

#include "kernels/cpu/isa.h"
#include "kernels/tensor.h"

namespace z2 {
inline namespace Z2_ISA {

struct Bf16 {
  uint16_t bits;
};
struct Half {
  uint16_t bits;
};

// Calls f with a value-initialised element of the type, so that f can name it by decltype.
template <typename F>
decltype(auto) withType(Z2DType type, F&& f) {
  if (type == Z2_BF16) return f(Bf16{});
  if (type == Z2_F16) return f(Half{});
  return f(float{});
}

inline int64_t sizeOfType(Z2DType type) { return type == Z2_F32 ? 4 : 2; }

inline float bitsToFloat(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
inline uint32_t floatToBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float toFloat(float value) { return value; }
inline float toFloat(Bf16 value) { return bitsToFloat(uint32_t{value.bits} << 16); }
// The exponent is moved by a multiplication, which also normalises subnormal numbers.
inline float toFloat(Half value) {
  const uint32_t sign = uint32_t{value.bits & 0x8000u} << 16;
  const uint32_t magnitude = uint32_t{value.bits & 0x7fffu} << 13;
  if (magnitude >= 0x0f800000u) return bitsToFloat(sign | magnitude | 0x7f800000u);
  return bitsToFloat(sign | floatToBits(bitsToFloat(magnitude) * 0x1p112f));
}

// All round to nearest even.
template <typename T>
T fromFloat(float value);
template <>
inline float fromFloat<float>(float value) {
  return value;
}
template <>
inline Bf16 fromFloat<Bf16>(float value) {
  const uint32_t bits = floatToBits(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return {static_cast<uint16_t>((bits >> 16) | 0x40u)};
  return {static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}
template <>
inline Half fromFloat<Half>(float value) {
  const uint32_t bits = floatToBits(value);
  const uint32_t magnitude = bits & 0x7fffffffu;
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
  if (magnitude > 0x7f800000u) return {static_cast<uint16_t>(sign | 0x7e00u)};
  if (magnitude >= 0x477ff000u) return {static_cast<uint16_t>(sign | 0x7c00u)};  // over 65519
  if (magnitude < 0x38800000u) {  // subnormal: the adder of the CPU does the rounding
    const uint32_t shifted = floatToBits(bitsToFloat(magnitude) + 0.5f) - 0x3f000000u;
    return {static_cast<uint16_t>(sign | shifted)};
  }
  const uint32_t rounded = magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u);
  return {static_cast<uint16_t>(sign | (rounded >> 13))};
}

// One rounding, from double: the references compute in double.
template <typename T>
T fromDouble(double value) {
  return fromFloat<T>(static_cast<float>(value));
}
template <typename T>
double toDouble(T value) {
  return toFloat(value);
}

}  // namespace Z2_ISA
}  // namespace z2
