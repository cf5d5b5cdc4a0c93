// Compiled once for each instruction set.

#include "kernels/cpu/kernel_set.h"

#include "kernels/cpu/kernel_set_isa.h"

namespace z2 {
inline namespace Z2_ISA {

const KernelSet& kernelSet();

const KernelSet& kernelSet() {
  static constexpr KernelSet kKernels = {.embeddingForward = Z2_ISA::embeddingForward,
                                         .embeddingBackward = Z2_ISA::embeddingBackward,
                                         .rmsNormForward = Z2_ISA::rmsNormForward,
                                         .rmsNormBackward = Z2_ISA::rmsNormBackward,
                                         .rope = Z2_ISA::rope,
                                         .attentionForward = Z2_ISA::attentionForward,
                                         .attentionBackward = Z2_ISA::attentionBackward,
                                         .attentionCached = Z2_ISA::attentionCached,
                                         .swigluForward = Z2_ISA::swigluForward,
                                         .swigluBackward = Z2_ISA::swigluBackward,
                                         .biasBackward = Z2_ISA::biasBackward,
                                         .crossEntropy = Z2_ISA::crossEntropy,
                                         .squaredNorm = Z2_ISA::squaredNorm,
                                         .adamw = Z2_ISA::adamw,
                                         .convert = Z2_ISA::convert,
                                         .add = Z2_ISA::add,
                                         .dropout = Z2_ISA::dropout,
                                         .copyBlock = Z2_ISA::copyBlock,
                                         .matmul = Z2_ISA::matmul,
                                         .matmulScratch = Z2_ISA::matmulScratch,
                                         .attentionWorkspace = Z2_ISA::attentionWorkspace};
  return kKernels;
}

}  // namespace Z2_ISA
}  // namespace z2
