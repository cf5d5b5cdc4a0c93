#pragma once

// The references: plain loops that read like the formulas of the operations' headers, computed in
// double and rounded once, any element type. They take what the table's entries take, already
// checked, and share rows over `threads` threads without changing a bit by it.

#include <cstddef>

#include "kernels/ops.h"

namespace z2::reference {

void embeddingForward(const Z2EmbeddingForward& a, int threads);
void embeddingBackward(const Z2EmbeddingBackward& a, int threads);
void rmsNormForward(const Z2RmsNormForward& a, int threads);
void rmsNormBackward(const Z2RmsNormBackward& a, int threads);
void rope(const Z2Rope& a, int threads);
void attentionForward(const Z2AttentionForward& a, int threads);
void attentionBackward(const Z2AttentionBackward& a, int threads);
void attentionCached(const Z2AttentionCached& a, int threads);
void swigluForward(const Z2SwigluForward& a, int threads);
void swigluBackward(const Z2SwigluBackward& a, int threads);
void matmul(const Z2Matmul& a, int threads);
void biasBackward(const Z2BiasBackward& a, int threads);
void crossEntropy(const Z2CrossEntropy& a, int threads);
void squaredNorm(const Z2SquaredNorm& a, int threads);
void adamw(const Z2AdamW& a, int threads);
void convert(const Z2Convert& a, int threads);
void add(const Z2Add& a, int threads);
void dropout(const Z2DropoutApply& a, int threads);
void copyBlock(const Z2CopyBlock& a, int threads);
void quantise(const Z2Quantise& a, int threads);
void matmulFp8(const Z2MatmulFp8& a, int threads);
void rowLinear(const Z2RowLinear& a, int threads);
void attentionStep(const Z2AttentionStep& a, int threads);
void greedy(const Z2Greedy& a, int threads);

// Bytes of workspace that the attention references need.
size_t attentionWorkspace(const Z2AttentionBackward& shape, int threads);

}  // namespace z2::reference
