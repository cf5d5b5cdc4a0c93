#pragma once

// What the CPU's operations carry from call to call. Used by one thread at a time.

#include <string>

#include "kernels/cpu/kernel_set.h"
#include "kernels/tensor.h"

struct Z2Context {
  std::string lastError;
  int threads = 1;
  const z2::KernelSet* kernels = nullptr;
};

namespace z2 {

// Leaves the sentence for `lastError` and passes the status on.
inline Z2Status fail(Z2Context* context, Z2Status status, std::string sentence) {
  context->lastError = std::move(sentence);
  return status;
}

}  // namespace z2
