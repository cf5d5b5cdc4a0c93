#pragma once

#include <string>

#include "kernels/matmul.h"

namespace z2 {

// The product of fp32 matrices into fp32 by LibTorch's CPU library; its exceptions are turned into
// a sentence, empty when all went well. Faster than the own kernel (kernels/matmul_cpu.cpp) where
// the CPU has AVX-512, which that one does not use; elsewhere the own one is as fast or faster.
[[nodiscard]] std::string matmulByTorch(const Z2Matmul& a, int threads);

}  // namespace z2
