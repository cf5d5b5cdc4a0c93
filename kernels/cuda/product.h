#pragma once

// A product of either kind, Z2Matmul or Z2MatmulFp8, as the one code that plans and runs them sees
// it.

#include <cstdint>
#include <string>

#include "kernels/fp8.h"
#include "kernels/matmul.h"

namespace z2::cuda {

inline int64_t sizeOfType(Z2DType type) { return type == Z2_F32 ? 4 : type >= Z2_E4M3 ? 1 : 2; }

struct Product {
  void* out;
  const void *a, *b, *bias;
  const float *scaleA, *scaleB;  // of codes of 8 bits, else null
  int64_t M, N, K;
  int32_t transposeA, transposeB;
  float beta;
  Z2DType typeA, typeB, outType;
  int32_t fastSums;

  [[nodiscard]] bool isFp8() const { return scaleA != nullptr; }
};

inline Product productOf(const Z2Matmul& p) {
  return {.out = p.out,
          .a = p.a,
          .b = p.b,
          .bias = p.bias,
          .scaleA = nullptr,
          .scaleB = nullptr,
          .M = p.M,
          .N = p.N,
          .K = p.K,
          .transposeA = p.transposeA,
          .transposeB = p.transposeB,
          .beta = p.beta,
          .typeA = p.type,
          .typeB = p.type,
          .outType = p.outType,
          .fastSums = 0};
}

inline Product productOf(const Z2MatmulFp8& p) {
  return {.out = p.out,
          .a = p.a,
          .b = p.b,
          .bias = p.bias,
          .scaleA = p.scaleA,
          .scaleB = p.scaleB,
          .M = p.M,
          .N = p.N,
          .K = p.K,
          .transposeA = 0,
          .transposeB = 1,
          .beta = p.beta,
          .typeA = p.typeA,
          .typeB = p.typeB,
          .outType = p.outType,
          .fastSums = p.fastSums};
}

// Its name in the tuning file.
inline std::string keyOf(const Product& p) {
  std::string key = p.isFp8() ? "f" + std::to_string(p.fastSums) + "-" + std::to_string(p.typeA) +
                                    "-" + std::to_string(p.typeB)
                              : "t" + std::to_string(p.typeA);
  for (const int64_t number :
       {static_cast<int64_t>(p.outType), p.M, p.N, p.K, static_cast<int64_t>(p.transposeA),
        static_cast<int64_t>(p.transposeB), static_cast<int64_t>(p.beta),
        static_cast<int64_t>(p.bias != nullptr)})
    key += "-" + std::to_string(number);
  return key;
}

}  // namespace z2::cuda
