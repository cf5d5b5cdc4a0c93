#pragma once

// The flat buffers of a model on its device, all in the layout of core/model/parameters.h; those of
// its adapters in that of core/model/adapters.h.

#include <cstdint>

#include "core/base/dtype.h"

namespace z2 {

// Pointers into the arena of a Llama, which owns them. A buffer that the model does not have is
// null: gradients, m and v of weights that are not trained, the master of frozen ones in 16 bits.
struct FlatBuffers {
  float* master = nullptr;     // [size]
  void* weights = nullptr;     // [size] type; for fp32 the master itself
  float* gradients = nullptr;  // [size]
  float* m = nullptr;          // [size]
  float* v = nullptr;          // [size]
  int64_t size = 0;            // elements
  DType type = DType::kF32;    // of weights

  [[nodiscard]] bool hasOwnWeights() const { return type != DType::kF32; }
};

}  // namespace z2
