#include <algorithm>

#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Case {
  int64_t M, N, K;
  bool isNormed, hasBias, isGated, accumulates;
  bool outF32 = false, xF32 = false;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {{1, 24, 40, true, true, false, false},
                                           {3, 7, 5, false, true, false, true},
                                           {1, 96, 64, true, false, true, false},
                                           {9, 10, 72, true, true, true, false},
                                           {2, 33, 64, true, false, false, false, true},
                                           {1, 16, 24, false, false, false, true, true},
                                           {4, 48, 64, true, false, false, false, false, true}};
  return kCases;
}

TEST(RowLinear, AgreesWithDouble) {
  for (const Z2DType type : allTypes()) {
    for (const Case& c : cases()) {
      const Z2DType xType = c.xF32 ? Z2_F32 : type, outType = c.outF32 ? Z2_F32 : type;
      const int64_t width = c.isGated ? c.N / 2 : c.N;
      const Buffer x = normalBuffer(c.M * c.K, 1, xType), weight = normalBuffer(c.N * c.K, 2, type);
      const Buffer bias = normalBuffer(c.N, 3, type), norm = normalBuffer(c.K, 4, type);
      const Buffer before = normalBuffer(c.M * width, 5, outType);
      const Buffer out = c.accumulates ? Buffer(before) : Buffer(c.M * width, outType);
      const Buffer want(out);
      Z2RowLinear a = {.out = out.data(),
                       .x = x.data(),
                       .weight = weight.data(),
                       .bias = c.hasBias ? bias.data() : nullptr,
                       .normWeight = c.isNormed ? norm.data() : nullptr,
                       .M = c.M,
                       .N = c.N,
                       .K = c.K,
                       .eps = 1e-5f,
                       .swiglu = c.isGated,
                       .accumulate = c.accumulates,
                       .type = type,
                       .xType = xType,
                       .outType = outType,
                       .workspace = nullptr};
      const auto bytes = static_cast<int64_t>(ops().rowLinearWorkspace(ops().context, &a));
      const Buffer workspace(bytes / 4 + 1);
      a.workspace = workspace.data();
      expectOk(ops().rowLinear(ops().context, &a));
      a.out = want.data();
      reference::rowLinear(a, 1);
      // Each of its parts may round.
      EXPECT_LE(relativeError(out, want), 3 * std::max(toleranceOf(type), 1e-6))
          << c.M << "x" << c.N << "x" << c.K << " type " << type;
    }
  }
}

TEST(RowLinear, ARowIsAsIfItWereAloneInTheReference) {
  const Case c{5, 12, 16, true, true, true, false};
  const Buffer x = normalBuffer(c.M * c.K, 1), weight = normalBuffer(c.N * c.K, 2);
  const Buffer norm = normalBuffer(c.K, 3), all(c.M * c.N / 2), one(c.N / 2), workspace(1);
  Z2RowLinear a = {.out = all.data(),
                   .x = x.data(),
                   .weight = weight.data(),
                   .bias = nullptr,
                   .normWeight = norm.data(),
                   .M = c.M,
                   .N = c.N,
                   .K = c.K,
                   .eps = 1e-5f,
                   .swiglu = 1,
                   .accumulate = 0,
                   .type = Z2_F32,
                   .xType = Z2_F32,
                   .outType = Z2_F32,
                   .workspace = workspace.data()};
  reference::rowLinear(a, 2);
  a.M = 1, a.x = x.floats() + 3 * c.K, a.out = one.data();
  reference::rowLinear(a, 1);
  EXPECT_TRUE(std::equal(one.floats(), one.floats() + c.N / 2, all.floats() + 3 * c.N / 2));
}

TEST(RowLinear, BadArgumentsAreRefused) {
  const Buffer x = normalBuffer(6, 1), weight = normalBuffer(9 * 6, 2), out(9), workspace(64);
  Z2RowLinear a = {.out = out.data(),
                   .x = x.data(),
                   .weight = weight.data(),
                   .bias = nullptr,
                   .normWeight = nullptr,
                   .M = 1,
                   .N = 9,
                   .K = 6,
                   .eps = 0,
                   .swiglu = 1,
                   .accumulate = 0,
                   .type = Z2_F32,
                   .xType = Z2_F32,
                   .outType = Z2_F32,
                   .workspace = workspace.data()};
  EXPECT_EQ(ops().rowLinear(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context),
               "rowLinear: swiglu needs an even N and outType as type");
  a.swiglu = 0, a.out = x.data();
  EXPECT_EQ(ops().rowLinear(ops().context, &a), Z2_INVALID);
  a.out = out.data();
  expectOk(ops().rowLinear(ops().context, &a));
}

TEST(Greedy, TakesTheFirstOfTheGreatest) {
  const float inf = INFINITY, nan = NAN;
  const std::vector<double> logits = {1,    3,   3,    -2,   nan, 7,   nan, 7,
                                      -inf, nan, -inf, -inf, nan, nan, nan, nan};
  const Buffer x(logits, Z2_F32);
  std::vector<int32_t> chosen(4, 99), tokens(4, 99), positions = {0, 5, 6, 7};
  const Z2Greedy a = {.chosen = chosen.data(),
                      .tokens = tokens.data(),
                      .positions = positions.data(),
                      .logits = x.floats(),
                      .M = 4,
                      .V = 4};
  expectOk(ops().greedy(ops().context, &a));
  EXPECT_EQ(chosen, (std::vector<int32_t>{1, 1, 0, -1}));
  EXPECT_EQ(tokens, (std::vector<int32_t>{1, 1, 0, 0}));
  EXPECT_EQ(positions, (std::vector<int32_t>{1, 6, 7, 8}));
}

}  // namespace
}  // namespace z2::test
