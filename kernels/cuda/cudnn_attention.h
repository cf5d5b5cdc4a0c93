#pragma once

// Attention by cuDNN, through its frontend: the fast path at the shapes it takes. A plan for each
// shape is built once and kept. The one place where the frontend is included, and its exceptions
// are caught.

#include <memory>
#include <string>

#include "kernels/attention.h"
#include "kernels/cuda/device.h"

namespace z2::cuda {

class CudnnAttention {
 public:
  // Null and a reason when cuDNN is not to be had; attention then is our own
  // (kernels/attention.cu).
  static std::unique_ptr<CudnnAttention> open(Z2Context* context, std::string& reason);
  ~CudnnAttention();

  // Half precision, head sizes that are multiples of 8 up to 128, no document mask, no dropout, and
  // a plan that cuDNN offers for the shape.
  bool takes(Z2Context* context, const Z2AttentionForward& p);
  bool takes(Z2Context* context, const Z2AttentionBackward& p);
  // Bytes of scratch for that shape; 0 when it is not taken.
  size_t workspace(Z2Context* context, const Z2AttentionBackward& p);
  size_t forwardWorkspace(Z2Context* context, const Z2AttentionBackward& p);

  // Only shapes that are taken. Backward is the deterministic one.
  Z2Status forward(Z2Context* context, const Z2AttentionForward& p);
  Z2Status backward(Z2Context* context, const Z2AttentionBackward& p);
  [[nodiscard]] std::string description() const;

 private:
  struct Impl;
  explicit CudnnAttention(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2::cuda
