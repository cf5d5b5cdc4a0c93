#include "kernels/bench/kernel_bench.h"

namespace z2 {

Result<void> KernelBench::optimizer() {
  const int64_t n = V_ * C_;
  Z2_TRY(float* master, memory_.floats(n));
  Z2_TRY(float* m, memory_.floats(n));
  Z2_TRY(void* v, memory_.bytes(static_cast<size_t>(n) * sizeof(float)));
  Z2_TRY(float* grad, memory_.floats(n));
  Z2_TRY(void* weights, memory_.elements(n, type_));
  Z2_TRY(void* sum, memory_.bytes(sizeof(double)));
  Z2_TRY(void* partial, memory_.bytes(ops_.squaredNormWorkspace(ops_.context, n)));
  Z2_TRY_VOID(moves("squared_norm", shapeOf({n}), n * 4, ops_.squaredNorm,
                    Z2SquaredNorm{.out = static_cast<double*>(sum),
                                  .x = grad,
                                  .n = n,
                                  .accumulate = 0,
                                  .workspace = partial}));
  const bool hasWeights = type_ != Z2_F32;
  return moves("adamw", shapeOf({n}), n * (32 + (hasWeights ? width_ : 0)), ops_.adamw,
               Z2AdamW{.master = master,
                       .m = m,
                       .v = static_cast<float*>(v),
                       .grad = grad,
                       .weights = hasWeights ? weights : nullptr,
                       .squaredNorm = static_cast<const double*>(sum),
                       .n = n,
                       .lr = 1e-4f,
                       .beta1 = 0.9f,
                       .beta2 = 0.95f,
                       .eps = 1e-8f,
                       .weightDecay = 0.1f,
                       .gradScale = 1,
                       .maxNorm = 1,
                       .step = 10,
                       .weightType = type_,
                       .zeroGrad = 1,
                       .fused = 1});
}

Result<void> KernelBench::elementwise() {
  const int64_t n = N_ * F_;
  Z2_TRY(void* a, memory_.elements(n, type_));
  Z2_TRY(void* b, memory_.elements(n, type_));
  Z2_TRY(float* wide, memory_.floats(n));
  Z2_TRY_VOID(moves("convert", shapeOf({n}), n * (4 + width_), ops_.convert,
                    Z2Convert{.out = wide, .in = a, .n = n, .outType = Z2_F32, .inType = type_}));
  Z2Add sum = {.out = a, .a = a, .b = b, .n = n, .type = type_, .typeB = type_, .dropout = {}};
  Z2_TRY_VOID(moves("add", shapeOf({n}), n * 3 * width_, ops_.add, sum));
  sum.dropout = {.probability = 0.1f, .seed = 1, .stream = 2};
  return moves("add_dropout", shapeOf({n}), n * 3 * width_, ops_.add, sum);
}

}  // namespace z2
