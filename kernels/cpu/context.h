#pragma once

// What the CPU's operations carry from call to call. Used by one thread at a time.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "kernels/cpu/kernel_set.h"
#include "kernels/tensor.h"
#include "kernels/timeline.h"

namespace z2 {

// Memory that grows to the largest need and stays: after the first step nothing is allocated.
class Scratch {
 public:
  [[nodiscard]] bool reserve(size_t bytes) {
    if (bytes <= size_) return true;
    const size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    memory_.reset();
    memory_.reset(std::aligned_alloc(kAlignment, rounded));
    size_ = memory_ == nullptr ? 0 : rounded;
    return memory_ != nullptr;
  }
  [[nodiscard]] void* data() const { return memory_.get(); }

 private:
  static constexpr size_t kAlignment = 4096;
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
  size_t size_ = 0;
};

}  // namespace z2

struct Z2Context {
  std::string lastError;
  int threads = 1;
  bool hasAvx512 = false;  // then LibTorch multiplies fp32 matrices
  const z2::KernelSet* kernels = nullptr;
  double peakFlops = 0;       // 0: not measured yet
  z2::Scratch scratch;        // of matmul
  std::vector<Z2Span> spans;  // by the steady clock
};

namespace z2 {

// Leaves the sentence for `lastError` and passes the status on.
inline Z2Status fail(Z2Context* context, Z2Status status, std::string sentence) {
  context->lastError = std::move(sentence);
  return status;
}

}  // namespace z2
