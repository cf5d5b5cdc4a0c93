#pragma once

// Element types of tensors, in memory, in checkpoints and in the operations' table.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace z2 {

// The values are part of the plug-in boundary (kernels/ops.h) and never change.
enum class DType : int32_t { kF32 = 0, kBF16 = 1, kF16 = 2 };

constexpr size_t sizeOf(DType type) { return type == DType::kF32 ? 4 : 2; }

constexpr std::string_view nameOf(DType type) {
  switch (type) {
    case DType::kF32:
      return "fp32";
    case DType::kBF16:
      return "bf16";
    case DType::kF16:
      return "fp16";
  }
  return "";
}

}  // namespace z2
