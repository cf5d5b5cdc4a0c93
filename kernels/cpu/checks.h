#pragma once

// What each operation of the CPU's table demands of its arguments. Each returns the sentence that
// says what is wrong, or an empty string.

#include <string>

#include "kernels/ops.h"

namespace z2 {

// Scratch of fixed size is laid out for heads up to this size.
constexpr int64_t kMaxHeadSize = 1024;

[[nodiscard]] std::string check(const Z2EmbeddingForward& a);
[[nodiscard]] std::string check(const Z2EmbeddingBackward& a);
[[nodiscard]] std::string check(const Z2RmsNormForward& a);
[[nodiscard]] std::string check(const Z2RmsNormBackward& a);
[[nodiscard]] std::string check(const Z2Rope& a);
[[nodiscard]] std::string check(const Z2AttentionForward& a);
[[nodiscard]] std::string check(const Z2AttentionBackward& a);
[[nodiscard]] std::string check(const Z2AttentionCached& a);
[[nodiscard]] std::string check(const Z2SwigluForward& a);
[[nodiscard]] std::string check(const Z2SwigluBackward& a);
[[nodiscard]] std::string check(const Z2Matmul& a);
[[nodiscard]] std::string check(const Z2BiasBackward& a);
[[nodiscard]] std::string check(const Z2CrossEntropy& a);
[[nodiscard]] std::string check(const Z2SquaredNorm& a);
[[nodiscard]] std::string check(const Z2AdamW& a);
[[nodiscard]] std::string check(const Z2Convert& a);
[[nodiscard]] std::string check(const Z2Add& a);
[[nodiscard]] std::string check(const Z2DropoutApply& a);
[[nodiscard]] std::string check(const Z2CopyBlock& a);
[[nodiscard]] std::string check(const Z2Quantise& a);
[[nodiscard]] std::string check(const Z2MatmulFp8& a);
[[nodiscard]] std::string check(const Z2RowLinear& a);
[[nodiscard]] std::string check(const Z2AttentionStep& a);
[[nodiscard]] std::string check(const Z2DecodeStep& a);
[[nodiscard]] std::string check(const Z2Greedy& a);

}  // namespace z2
