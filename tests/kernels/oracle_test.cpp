// The kernels against LibTorch: gradients against its autograd, and 16-bit results against its
// operations of the same precision. The one test file of kernels that includes LibTorch.

#include <torch/torch.h>

#include "kernels/cpu/matmul.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

at::Tensor tensor(const Buffer& buffer, at::IntArrayRef sizes) {
  const at::ScalarType types[] = {at::kFloat, at::kBFloat16, at::kHalf};
  return at::from_blob(buffer.data(), sizes, types[buffer.type()]).clone();
}

// In fp64 and able to be differentiated.
at::Tensor leaf(const Buffer& buffer, at::IntArrayRef sizes) {
  return tensor(buffer, sizes).to(at::kDouble).requires_grad_();
}

double relativeError(const at::Tensor& got, const at::Tensor& want) {
  const at::Tensor difference = got.to(at::kDouble).reshape(-1) - want.detach().reshape(-1);
  return (difference.norm() / want.detach().norm()).item<double>();
}
double relativeError(const Buffer& got, const at::Tensor& want) {
  return relativeError(tensor(got, {got.size()}), want);
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight) {
  return x * (x.pow(2).mean(-1, true) + 1e-5).rsqrt() * weight;
}

struct NormCase {
  static constexpr int64_t N = 33, C = 320;

  explicit NormCase(Z2DType type)
      : x(normalBuffer(N * C, 1, type)),
        weight(normalBuffer(C, 2, type)),
        dOut(normalBuffer(N * C, 3, type)),
        out(N * C, type),
        rstd(N),
        dX(N * C, type),
        dWeight(std::vector<double>(C, 0.0), Z2_F32),
        workspace(static_cast<int64_t>(ops().rmsNormBackwardWorkspace(ops().context, N, C) /
                                       sizeof(float))) {
    const Z2RmsNormForward forward = {.out = out.data(),
                                      .rstd = rstd.floats(),
                                      .residualOut = nullptr,
                                      .residualIn = x.data(),
                                      .delta = nullptr,
                                      .weight = weight.data(),
                                      .N = N,
                                      .C = C,
                                      .eps = 1e-5f,
                                      .type = type,
                                      .residualType = type,
                                      .dropout = {},
                                      .fused = 1,
                                      .codes = nullptr};
    expectOk(ops().rmsNormForward(ops().context, &forward));
    const Z2RmsNormBackward backward = {.dResidual = dX.data(),
                                        .dDelta = nullptr,
                                        .dWeight = dWeight.floats(),
                                        .dOut = dOut.data(),
                                        .residual = x.data(),
                                        .weight = weight.data(),
                                        .rstd = rstd.floats(),
                                        .N = N,
                                        .C = C,
                                        .type = type,
                                        .residualType = type,
                                        .dropout = {},
                                        .accumulate = 0,
                                        .fused = 1,
                                        .workspace = workspace.data(),
                                        .outAgain = nullptr,
                                        .codes = nullptr};
    expectOk(ops().rmsNormBackward(ops().context, &backward));
  }

  Buffer x, weight, dOut, out, rstd, dX, dWeight, workspace;
};

TEST(Oracle, RmsNorm) {
  for (const Z2DType type : {Z2_F32, Z2_BF16}) {
    const NormCase c(type);
    const at::Tensor x = leaf(c.x, {c.N, c.C});
    const at::Tensor weight = leaf(c.weight, {c.C});
    const at::Tensor y = rmsNorm(x, weight);
    y.backward(tensor(c.dOut, {c.N, c.C}).to(at::kDouble));
    double bound = 1e-6;
    if (type == Z2_BF16) {
      const at::Tensor same = rmsNorm(tensor(c.x, {c.N, c.C}), tensor(c.weight, {c.C}));
      bound = 2 * relativeError(same, y);
    }
    EXPECT_LE(relativeError(c.out, y), bound);
    EXPECT_LE(relativeError(c.dX, x.grad()), type == Z2_F32 ? 1e-6 : bound);
    EXPECT_LE(relativeError(c.dWeight, weight.grad()), 1e-6);
  }
}

TEST(Oracle, Swiglu) {
  const int64_t N = 19, F = 864;
  for (const Z2DType type : {Z2_F32, Z2_BF16}) {
    const Buffer gateUp = normalBuffer(N * 2 * F, 1, type, 2);
    const Buffer dOut = normalBuffer(N * F, 2, type);
    const Buffer dGateUp(N * 2 * F, type);
    const Buffer out(N * F, type);
    const Z2SwigluBackward a = {.dGateUp = dGateUp.data(),
                                .out = out.data(),
                                .dOut = dOut.data(),
                                .gateUp = gateUp.data(),
                                .N = N,
                                .F = F,
                                .type = type,
                                .fused = 1,
                                .codes = nullptr,
                                .outCodes = nullptr};
    expectOk(ops().swigluBackward(ops().context, &a));
    const at::Tensor x = leaf(gateUp, {N, 2 * F});
    const auto swiglu = [F](const at::Tensor& both) {
      return at::silu(both.narrow(1, 0, F)) * both.narrow(1, F, F);
    };
    const at::Tensor y = swiglu(x);
    y.backward(tensor(dOut, {N, F}).to(at::kDouble));
    const double bound =
        type == Z2_F32 ? 1e-6 : 2 * relativeError(swiglu(tensor(gateUp, {N, 2 * F})), y);
    EXPECT_LE(relativeError(out, y), bound);
    EXPECT_LE(relativeError(dGateUp, x.grad()), bound);
  }
}

TEST(Oracle, CrossEntropy) {
  const int64_t N = 12, V = 1031;
  for (const Z2DType type : {Z2_F32, Z2_BF16}) {
    const Buffer logits = normalBuffer(N * V, 1, type, 3);
    const at::Tensor x = leaf(logits, {N, V});
    const at::Tensor same = tensor(logits, {N, V});
    std::vector<int32_t> targets = integers(N, 2, 0, V);
    targets[3] = -100;
    const at::Tensor labels = at::from_blob(targets.data(), {N}, at::kInt).to(at::kLong);
    const Buffer loss(N);
    const Z2CrossEntropy a = {.logits = logits.data(),
                              .loss = loss.floats(),
                              .logProb = nullptr,
                              .targets = targets.data(),
                              .N = N,
                              .V = V,
                              .gradScale = 1.0f / (N - 1),
                              .type = type,
                              .writeGradient = 1,
                              .fused = 1,
                              .workspace = nullptr,
                              .weights = nullptr};
    expectOk(ops().crossEntropy(ops().context, &a));
    const at::Tensor want = at::cross_entropy_loss(x, labels);
    want.backward();
    EXPECT_NEAR(tensor(loss, {N}).sum().item<double>() / (N - 1), want.item<double>(),
                2e-6 * want.item<double>());
    double bound = 1e-6;
    if (type == Z2_BF16) {
      const at::Tensor rounded = same.requires_grad_();
      at::cross_entropy_loss(rounded, labels).backward();
      bound = 2 * relativeError(rounded.grad(), x.grad());
    }
    EXPECT_LE(relativeError(logits, x.grad()), bound);
  }
}

// Attention as its formula, in the precision of its operands.
at::Tensor attention(const at::Tensor& qkv, int64_t Hq, int64_t Hkv, int64_t D) {
  const int64_t B = qkv.size(0), T = qkv.size(1);
  const auto heads = [&](int64_t first, int64_t n) {
    return qkv.narrow(2, first * D, n * D).view({B, T, n, D}).transpose(1, 2);
  };
  const at::Tensor k = heads(Hq, Hkv).repeat_interleave(Hq / Hkv, 1);
  const at::Tensor v = heads(Hq + Hkv, Hkv).repeat_interleave(Hq / Hkv, 1);
  const at::Tensor hidden = at::ones({T, T}, at::kBool).triu(1);
  const at::Tensor scores = heads(0, Hq).matmul(k.transpose(2, 3)) / std::sqrt(double(D));
  const at::Tensor p = scores.masked_fill(hidden, -INFINITY).softmax(-1);
  return p.matmul(v).transpose(1, 2).reshape({B, T, Hq * D});
}

TEST(Oracle, Attention) {
  const int64_t B = 2, T = 131, Hq = 4, Hkv = 2, D = 64;
  for (const Z2DType type : {Z2_F32, Z2_BF16}) {
    const Buffer qkv = normalBuffer(B * T * (Hq + 2 * Hkv) * D, 1, type);
    const Buffer dOut = normalBuffer(B * T * Hq * D, 2, type);
    const Buffer out(B * T * Hq * D, type);
    const Buffer lse(B * Hq * T);
    const Buffer dQkv(qkv.size(), type);
    Z2AttentionBackward b = {.dQkv = dQkv.data(),
                             .dOut = dOut.data(),
                             .out = out.data(),
                             .lse = lse.floats(),
                             .qkv = qkv.data(),
                             .documentStart = nullptr,
                             .B = B,
                             .T = T,
                             .Hq = Hq,
                             .Hkv = Hkv,
                             .D = D,
                             .scale = 0.125f,
                             .type = type,
                             .dropout = {},
                             .fused = 1,
                             .workspace = nullptr,
                             .rope = nullptr};
    const Buffer workspace(
        static_cast<int64_t>(ops().attentionWorkspace(ops().context, &b) / sizeof(float)));
    b.workspace = workspace.data();
    const Z2AttentionForward f = {.out = out.data(),
                                  .lse = lse.floats(),
                                  .qkv = qkv.data(),
                                  .documentStart = nullptr,
                                  .B = B,
                                  .T = T,
                                  .Hq = Hq,
                                  .Hkv = Hkv,
                                  .D = D,
                                  .scale = 0.125f,
                                  .type = type,
                                  .dropout = {},
                                  .fused = 1,
                                  .workspace = workspace.data()};
    expectOk(ops().attentionForward(ops().context, &f));
    expectOk(ops().attentionBackward(ops().context, &b));
    const at::Tensor x = leaf(qkv, {B, T, (Hq + 2 * Hkv) * D});
    const at::Tensor y = attention(x, Hq, Hkv, D);
    const at::Tensor dY = tensor(dOut, {B, T, Hq * D});
    y.backward(dY.to(at::kDouble));
    double bound = 1e-6;
    double gradBound = 1e-6;
    if (type == Z2_BF16) {
      const at::Tensor same = tensor(qkv, {B, T, (Hq + 2 * Hkv) * D}).requires_grad_();
      const at::Tensor rounded = attention(same, Hq, Hkv, D);
      rounded.backward(dY);
      bound = 2 * relativeError(rounded.detach(), y);
      gradBound = 2 * relativeError(same.grad(), x.grad());
    }
    EXPECT_LE(relativeError(out, y), bound);
    EXPECT_LE(relativeError(dQkv, x.grad()), gradBound);
  }
}

TEST(Oracle, MatmulOfBothKinds) {
  const int64_t M = 70, N = 100, K = 330;
  for (const Z2DType type : {Z2_F32, Z2_BF16}) {
    for (const int option : {0, 1, 2, 3}) {
      const bool transposeA = option % 2 == 1;
      const bool transposeB = option / 2 == 1;
      const Buffer left = normalBuffer(M * K, 1, type);
      const Buffer right = normalBuffer(K * N, 2, type);
      const Buffer out = normalBuffer(M * N, 3, type);
      const at::Tensor before = tensor(out, {M, N});
      const auto operand = [](const Buffer& of, int64_t rows, int64_t columns, bool transposed) {
        return transposed ? tensor(of, {columns, rows}).t() : tensor(of, {rows, columns});
      };
      const at::Tensor a = operand(left, M, K, transposeA);
      const at::Tensor b = operand(right, K, N, transposeB);
      const at::Tensor want =
          at::addmm(before.to(at::kDouble), a.to(at::kDouble), b.to(at::kDouble));
      Z2Matmul call = {.out = out.data(),
                       .a = left.data(),
                       .b = right.data(),
                       .bias = nullptr,
                       .M = M,
                       .N = N,
                       .K = K,
                       .transposeA = transposeA,
                       .transposeB = transposeB,
                       .beta = 1,
                       .type = type,
                       .outType = type};
      expectOk(ops().matmul(ops().context, &call));
      const double bound = type == Z2_F32 ? 1e-6 : 2 * relativeError(at::addmm(before, a, b), want);
      EXPECT_LE(relativeError(out, want), bound);
      if (type != Z2_F32) continue;
      std::memcpy(out.data(), before.data_ptr(), static_cast<size_t>(out.bytes()));
      EXPECT_EQ(matmulByTorch(call, 2), "");
      EXPECT_LE(relativeError(out, want), 1e-6);
    }
  }
}

TEST(Oracle, AdamW) {
  const int64_t n = 1001;
  const Buffer master = normalBuffer(n, 1);
  const Buffer m(std::vector<double>(n, 0.0), Z2_F32);
  const Buffer v(std::vector<double>(n, 0.0), Z2_F32);
  const at::Tensor parameter = leaf(master, {n});
  torch::optim::AdamW optimizer(
      {parameter}, torch::optim::AdamWOptions(1e-2).betas({0.9, 0.95}).eps(1e-8).weight_decay(0.1));
  for (int64_t step = 1; step <= 3; ++step) {
    const Buffer grad = normalBuffer(n, static_cast<unsigned>(step));
    parameter.mutable_grad() = tensor(grad, {n}).to(at::kDouble);
    optimizer.step();
    const double squaredNorm = 1;
    const Z2AdamW a = {.master = master.floats(),
                       .m = m.floats(),
                       .v = v.floats(),
                       .grad = grad.floats(),
                       .weights = nullptr,
                       .squaredNorm = &squaredNorm,
                       .n = n,
                       .lr = 1e-2f,
                       .beta1 = 0.9f,
                       .beta2 = 0.95f,
                       .eps = 1e-8f,
                       .weightDecay = 0.1f,
                       .gradScale = 1,
                       .maxNorm = 0,
                       .step = step,
                       .weightType = Z2_F32,
                       .zeroGrad = 0,
                       .fused = 1};
    expectOk(ops().adamw(ops().context, &a));
  }
  EXPECT_LE(relativeError(master, parameter), 1e-6);
}

}  // namespace
}  // namespace z2::test
