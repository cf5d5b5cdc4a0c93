#pragma once

#include <string>

#include "kernels/matmul.h"

namespace z2 {

// The product by LibTorch, its exceptions turned into a sentence; empty when all went well.
[[nodiscard]] std::string matmulByTorch(const Z2Matmul& a, int threads);

}  // namespace z2
