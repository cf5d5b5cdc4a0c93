#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t B, T, Hq, Hkv, D;
  bool hasDocuments = false;
  float dropout = 0;
};
const std::vector<Shape> kShapes = {{1, 1, 1, 1, 2},
                                    {2, 7, 2, 1, 6},
                                    {1, 17, 3, 3, 16},
                                    {2, 49, 4, 2, 18, true},
                                    {1, 97, 2, 2, 64, false, 0.2f},
                                    {1, 101, 2, 1, 64, true, 0.1f},
                                    {1, 300, 2, 1, 32, true},
                                    {1, 256, 2, 2, 64},
                                    {1, 530, 1, 1, 8}};

// Documents of 1, 2, 3, … positions, and then one that fills the rest from the middle on.
std::vector<int32_t> documentStarts(int64_t B, int64_t T) {
  std::vector<int32_t> starts;
  for (int64_t b = 0; b < B; ++b) {
    int32_t start = 0;
    int32_t length = 1;
    for (int32_t t = 0; t < T; ++t) {
      if (t == start + length && t < T / 2) {
        start = t;
        ++length;
      }
      starts.push_back(start);
    }
  }
  return starts;
}

struct Case {
  Case(const Shape& s, Z2DType type)
      : shape(s),
        qkv(normalBuffer(s.B * s.T * (s.Hq + 2 * s.Hkv) * s.D, 1, type)),
        dOut(normalBuffer(s.B * s.T * s.Hq * s.D, 2, type)),
        out(s.B * s.T * s.Hq * s.D, type),
        lse(s.B * s.Hq * s.T),
        dQkv(qkv.size(), type),
        documents(documentStarts(s.B, s.T)) {}

  template <typename Args>
  void describe(Args& a, int32_t fused) const {
    a.qkv = qkv.data();
    a.documentStart = shape.hasDocuments ? documents.data() : nullptr;
    a.B = shape.B;
    a.T = shape.T;
    a.Hq = shape.Hq;
    a.Hkv = shape.Hkv;
    a.D = shape.D;
    a.scale = 1 / std::sqrt(static_cast<float>(shape.D));
    a.type = qkv.type();
    a.dropout = {.probability = shape.dropout, .seed = 11, .stream = 12};
    a.fused = fused;
  }
  [[nodiscard]] Z2AttentionForward forward(int32_t fused, void* workspace) const {
    Z2AttentionForward a = {};
    describe(a, fused);
    a.out = out.data();
    a.lse = lse.floats();
    a.workspace = workspace;
    return a;
  }
  [[nodiscard]] Z2AttentionBackward backward(int32_t fused, void* workspace) const {
    Z2AttentionBackward a = {};
    describe(a, fused);
    a.dQkv = dQkv.data();
    a.dOut = dOut.data();
    a.out = out.data();
    a.lse = lse.floats();
    a.workspace = workspace;
    return a;
  }
  void runTable(int32_t fused) const {
    const Z2AttentionBackward sizes = backward(fused, nullptr);
    const size_t bytes = ops().attentionWorkspace(ops().context, &sizes);
    const Buffer workspace(static_cast<int64_t>(bytes / sizeof(float)));
    const Z2AttentionForward f = forward(fused, workspace.data());
    expectOk(ops().attentionForward(ops().context, &f));
    const Z2AttentionBackward b = backward(fused, workspace.data());
    expectOk(ops().attentionBackward(ops().context, &b));
  }
  void runReference() const {
    const Z2AttentionBackward sizes = backward(1, nullptr);
    const Buffer workspace(
        static_cast<int64_t>(reference::attentionWorkspace(sizes, 1) / sizeof(float)));
    reference::attentionForward(forward(1, workspace.data()), 1);
    reference::attentionBackward(backward(1, workspace.data()), 1);
  }

  Shape shape;
  Buffer qkv, dOut, out, lse, dQkv;
  std::vector<int32_t> documents;
};

TEST(Attention, ForwardAndBackwardAgreeWithDouble) {
  for (const Shape& shape : kShapes) {
    for (const Z2DType type : allTypes()) {
      const Case want(shape, type);
      want.runReference();
      for (const int32_t fused : {0, 1}) {
        const Case got(shape, type);
        got.runTable(fused);
        EXPECT_LE(relativeError(got.out, want.out), toleranceOf(type)) << shape.T;
        EXPECT_LE(relativeError(got.lse, want.lse), 1e-6) << shape.T;
        // delta = dOut * out takes the rounded out of each: its roundings differ now and then.
        EXPECT_LE(relativeError(got.dQkv, want.dQkv), 1.5 * toleranceOf(type)) << shape.T;
      }
    }
  }
}

TEST(Attention, TwoRunsGiveTheSameBits) {
  for (const int32_t fused : {0, 1}) {
    const Case first({2, 101, 4, 2, 64, true, 0.1f}, Z2_F32);
    const Case second({2, 101, 4, 2, 64, true, 0.1f}, Z2_F32);
    first.runTable(fused);
    second.runTable(fused);
    EXPECT_TRUE(first.out.hasSameBits(second.out));
    EXPECT_TRUE(first.dQkv.hasSameBits(second.dQkv));
  }
}

TEST(Attention, AnotherDocumentDoesNotChangeABit) {
  const Case plain({1, 40, 1, 1, 16, true}, Z2_F32);
  const Case changed({1, 40, 1, 1, 16, true}, Z2_F32);
  for (int64_t i = 0; i < 3 * 16 * 3; ++i) changed.qkv.floats()[i] += 1;  // documents of 1 and 2
  plain.runTable(1);
  changed.runTable(1);
  const size_t rest = 37 * 16 * sizeof(float);
  EXPECT_EQ(std::memcmp(plain.out.floats() + 48, changed.out.floats() + 48, rest), 0);
  EXPECT_NE(std::memcmp(plain.out.floats(), changed.out.floats(), 48 * sizeof(float)), 0);
}

TEST(Attention, CachedAgreesWithDouble) {
  for (const Z2DType type : allTypes()) {
    for (const int64_t T : {1, 5}) {
      const int64_t B = 2, Hq = 4, Hkv = 2, D = 18, capacity = 150;
      const int64_t stride = (Hq + 2 * Hkv) * D;
      const Buffer q = normalBuffer(B * T * stride, 1, type);
      const Buffer keys = normalBuffer(B * capacity * Hkv * D, 2, type);
      const Buffer values = normalBuffer(B * capacity * Hkv * D, 3, type);
      const std::vector<int32_t> length = {static_cast<int32_t>(T), 150};
      const Buffer out(B * T * Hq * D, type);
      const Buffer want(B * T * Hq * D, type);
      Z2AttentionCached a = {.out = out.data(),
                             .q = q.data(),
                             .keys = keys.data(),
                             .values = values.data(),
                             .length = length.data(),
                             .B = B,
                             .T = T,
                             .Hq = Hq,
                             .Hkv = Hkv,
                             .D = D,
                             .capacity = capacity,
                             .qStride = stride,
                             .scale = 0.3f,
                             .type = type};
      expectOk(ops().attentionCached(ops().context, &a));
      a.out = want.data();
      reference::attentionCached(a, 1);
      EXPECT_LE(relativeError(out, want), toleranceOf(type));
    }
  }
}

TEST(Attention, AStepAgreesWithDouble) {
  for (const Z2DType type : allTypes()) {
    const int64_t B = 3, Hq = 4, Hkv = 2, D = 18, capacity = 150, half = D / 2;
    const std::vector<double> qkv = normal(B * (Hq + 2 * Hkv) * D, 1);
    const std::vector<int32_t> positions = {0, 149, 70};
    const Buffer cosine = normalBuffer(capacity * half, 4), sine = normalBuffer(capacity * half, 5);
    const auto run = [&](const Buffer& keys, const Buffer& values, const Buffer& out, auto call) {
      const Buffer packed(qkv, type), workspace(B);
      const Z2AttentionStep a = {.out = out.data(),
                                 .qkv = packed.data(),
                                 .keys = keys.data(),
                                 .values = values.data(),
                                 .positions = positions.data(),
                                 .cosine = cosine.floats(),
                                 .sine = sine.floats(),
                                 .B = B,
                                 .Hq = Hq,
                                 .Hkv = Hkv,
                                 .D = D,
                                 .capacity = capacity,
                                 .scale = 0.3f,
                                 .type = type,
                                 .workspace = workspace.data()};
      call(a);
    };
    const Buffer keys = normalBuffer(B * capacity * Hkv * D, 2, type), keysToo(keys);
    const Buffer values = normalBuffer(B * capacity * Hkv * D, 3, type), valuesToo(values);
    const Buffer out(B * Hq * D, type), want(B * Hq * D, type);
    run(keys, values, out, [](const Z2AttentionStep& a) {
      EXPECT_EQ(ops().attentionStepWorkspace(ops().context, &a), 3 * sizeof(int32_t));
      expectOk(ops().attentionStep(ops().context, &a));
    });
    run(keysToo, valuesToo, want, [](const Z2AttentionStep& a) { reference::attentionStep(a, 1); });
    EXPECT_LE(relativeError(out, want), 2 * toleranceOf(type));
    EXPECT_LE(relativeError(keys, keysToo), toleranceOf(type));
    EXPECT_TRUE(values.hasSameBits(valuesToo));
  }
}

TEST(Attention, HeadsThatDoNotDivideAreRefused) {
  const Case c({1, 4, 3, 2, 8}, Z2_F32);
  const Z2AttentionForward a = c.forward(1, c.dQkv.data());
  EXPECT_EQ(ops().attentionForward(ops().context, &a), Z2_INVALID);
  EXPECT_STREQ(ops().lastError(ops().context),
               "attentionForward: the number of query heads, 3, must be a multiple of the number "
               "of key/value heads, 2");
}

}  // namespace
}  // namespace z2::test
