#include "kernels/cpu/reference.h"

#include "kernels/cpu/kernel_set.h"

namespace z2 {

const KernelSet& referenceKernels() {
  static constexpr KernelSet kKernels = {.embeddingForward = reference::embeddingForward,
                                         .embeddingBackward = reference::embeddingBackward,
                                         .rmsNormForward = reference::rmsNormForward,
                                         .rmsNormBackward = reference::rmsNormBackward,
                                         .rope = reference::rope,
                                         .attentionForward = reference::attentionForward,
                                         .attentionBackward = reference::attentionBackward,
                                         .attentionCached = reference::attentionCached,
                                         .swigluForward = reference::swigluForward,
                                         .swigluBackward = reference::swigluBackward,
                                         .biasBackward = reference::biasBackward,
                                         .crossEntropy = reference::crossEntropy,
                                         .squaredNorm = reference::squaredNorm,
                                         .adamw = reference::adamw,
                                         .convert = reference::convert,
                                         .add = reference::add,
                                         .dropout = reference::dropout,
                                         .attentionWorkspace = reference::attentionWorkspace};
  return kKernels;
}

}  // namespace z2
