#include "core/model_files/element_conversion.h"

#include <cstring>

#include "core/base/check.h"
#include "kernels/cpu/element.h"

namespace z2 {

namespace {

template <typename T>
void widenAs(std::span<const std::byte> bytes, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    T element;
    std::memcpy(&element, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = toFloat(element);
  }
}

template <typename T>
void narrowAs(std::span<const float> values, std::span<std::byte> bytes) {
  for (size_t i = 0; i < values.size(); ++i) {
    const T element = fromFloat<T>(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &element, sizeof(T));
  }
}

}  // namespace

void widen(DType type, std::span<const std::byte> bytes, std::span<float> values) {
  Z2_CHECK(bytes.size() == values.size() * sizeOf(type), "bytes and values differ in number");
  if (type == DType::kBF16) return widenAs<Bf16>(bytes, values);
  if (type == DType::kF16) return widenAs<Half>(bytes, values);
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
}

void narrow(std::span<const float> values, DType type, std::span<std::byte> bytes) {
  Z2_CHECK(bytes.size() == values.size() * sizeOf(type), "bytes and values differ in number");
  if (type == DType::kBF16) return narrowAs<Bf16>(values, bytes);
  if (type == DType::kF16) return narrowAs<Half>(values, bytes);
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
}

}  // namespace z2
