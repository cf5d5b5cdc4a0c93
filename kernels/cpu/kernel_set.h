#pragma once

// One implementation of the operations for one instruction set. Arguments come checked.

#include <cstddef>

#include "kernels/ops.h"

namespace z2 {

template <typename Args>
using Kernel = void (*)(const Args&, int threads);

struct KernelSet {
  Kernel<Z2EmbeddingForward> embeddingForward;
  Kernel<Z2EmbeddingBackward> embeddingBackward;
  Kernel<Z2RmsNormForward> rmsNormForward;
  Kernel<Z2RmsNormBackward> rmsNormBackward;
  Kernel<Z2Rope> rope;
  Kernel<Z2AttentionForward> attentionForward;
  Kernel<Z2AttentionBackward> attentionBackward;
  Kernel<Z2AttentionCached> attentionCached;
  Kernel<Z2SwigluForward> swigluForward;
  Kernel<Z2SwigluBackward> swigluBackward;
  Kernel<Z2BiasBackward> biasBackward;
  Kernel<Z2CrossEntropy> crossEntropy;
  Kernel<Z2SquaredNorm> squaredNorm;
  Kernel<Z2AdamW> adamw;
  Kernel<Z2Convert> convert;
  Kernel<Z2Add> add;
  Kernel<Z2DropoutApply> dropout;

  size_t (*attentionWorkspace)(const Z2AttentionBackward& shape, int threads);
};

// The plain loops of kernels/cpu/reference.h.
const KernelSet& referenceKernels();

}  // namespace z2
