#pragma once

// The plug-in's operations, one source file beside each operation's header; cuda_ops.cu puts them
// into the table. Contracts: kernels/<operation>.h.

#include "kernels/cuda/device.h"
#include "kernels/ops.h"

namespace z2::cuda {

Z2Status embeddingForward(Z2Context*, const Z2EmbeddingForward*);
Z2Status embeddingBackward(Z2Context*, const Z2EmbeddingBackward*);
size_t embeddingBackwardWorkspace(Z2Context*, int64_t N, int64_t C);
Z2Status rmsNormForward(Z2Context*, const Z2RmsNormForward*);
Z2Status rmsNormBackward(Z2Context*, const Z2RmsNormBackward*);
size_t rmsNormBackwardWorkspace(Z2Context*, int64_t N, int64_t C);
Z2Status rope(Z2Context*, const Z2Rope*);
Z2Status attentionForward(Z2Context*, const Z2AttentionForward*);
Z2Status attentionBackward(Z2Context*, const Z2AttentionBackward*);
Z2Status attentionCached(Z2Context*, const Z2AttentionCached*);
size_t attentionWorkspace(Z2Context*, const Z2AttentionBackward*);
Z2Status swigluForward(Z2Context*, const Z2SwigluForward*);
Z2Status swigluBackward(Z2Context*, const Z2SwigluBackward*);
Z2Status matmul(Z2Context*, const Z2Matmul*);
Z2Status biasBackward(Z2Context*, const Z2BiasBackward*);
size_t biasBackwardWorkspace(Z2Context*, int64_t M, int64_t N);
Z2Status crossEntropy(Z2Context*, const Z2CrossEntropy*);
size_t crossEntropyWorkspace(Z2Context*, int64_t N, int64_t V);
Z2Status squaredNorm(Z2Context*, const Z2SquaredNorm*);
size_t squaredNormWorkspace(Z2Context*, int64_t n);
Z2Status adamw(Z2Context*, const Z2AdamW*);
Z2Status convert(Z2Context*, const Z2Convert*);
Z2Status add(Z2Context*, const Z2Add*);
Z2Status dropoutApply(Z2Context*, const Z2DropoutApply*);
Z2Status copyBlock(Z2Context*, const Z2CopyBlock*);
Z2Status quantise(Z2Context*, const Z2Quantise*);
Z2Status matmulFp8(Z2Context*, const Z2MatmulFp8*);
Z2Status rowLinear(Z2Context*, const Z2RowLinear*);
size_t rowLinearWorkspace(Z2Context*, const Z2RowLinear* shape);
Z2Status attentionStep(Z2Context*, const Z2AttentionStep*);
size_t attentionStepWorkspace(Z2Context*, const Z2AttentionStep* shape);
Z2Status greedy(Z2Context*, const Z2Greedy*);
Z2Status decodeStep(Z2Context*, const Z2DecodeStep*);
size_t decodeStepWorkspace(Z2Context*, const Z2DecodeStep* shape);

}  // namespace z2::cuda
