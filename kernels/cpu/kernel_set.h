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
  Kernel<Z2CopyBlock> copyBlock;

  void (*matmul)(const Z2Matmul&, int threads, void* scratch);  // matmulScratch(...) bytes
  size_t (*matmulScratch)(const Z2Matmul&, int threads);

  size_t (*attentionWorkspace)(const Z2AttentionBackward& shape, int threads);
};

// The fastest set that this CPU can run.
const KernelSet& fastestKernels();

// Fixed partitions, part of what makes the bits independent of the number of threads; they size the
// workspaces.
constexpr int64_t kNormBlock = 4096;       // elements of a partial sum of squaredNorm
constexpr int64_t kWeightGradBlocks = 64;  // partial sums of rmsNormBackward's dWeight

}  // namespace z2
