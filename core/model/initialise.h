#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace z2 {

// Normal numbers of a stream named by a tensor: element i depends on seed, name and i alone.
// Philox4x32-10 as in kernels/tensor.h, the name's FNV-1a hash as stream, Box-Muller on top.
void fillNormal(std::span<float> out, uint64_t firstElement, float deviation, uint64_t seed,
                std::string_view name);

// The same for uniform numbers in [-bound, bound).
void fillUniform(std::span<float> out, uint64_t firstElement, float bound, uint64_t seed,
                 std::string_view name);

}  // namespace z2
