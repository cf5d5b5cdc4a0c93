#include "kernels/cpu/reference.h"
#include "tests/kernels/buffers.h"

namespace z2::test {
namespace {

struct Shape {
  int64_t N, C, V;
};
const std::vector<Shape> kShapes = {{1, 1, 1}, {7, 5, 3}, {9, 8, 2}, {40, 33, 11}, {256, 320, 50}};

TEST(Embedding, ForwardCopiesRows) {
  for (const Shape& s : kShapes) {
    for (const Z2DType tableType : allTypes()) {
      for (const Z2DType outType : {tableType, Z2DType{Z2_F32}}) {
        const Buffer table = normalBuffer(s.V * s.C, 1, tableType);
        const std::vector<int32_t> tokens = integers(s.N, 2, 0, static_cast<int32_t>(s.V));
        const Buffer out(s.N * s.C, outType);
        const Buffer want(s.N * s.C, outType);
        Z2EmbeddingForward a = {.out = out.data(),
                                .table = table.data(),
                                .tokens = tokens.data(),
                                .N = s.N,
                                .C = s.C,
                                .V = s.V,
                                .outType = outType,
                                .tableType = tableType};
        expectOk(ops().embeddingForward(ops().context, &a));
        a.out = want.data();
        reference::embeddingForward(a, 1);
        EXPECT_TRUE(out.hasSameBits(want));
      }
    }
  }
}

// Same order of additions, so the same bits.
TEST(Embedding, BackwardAddsInTheOrderOfTokens) {
  for (const Shape& s : kShapes) {
    for (const Z2DType type : allTypes()) {
      const Buffer dOut = normalBuffer(s.N * s.C, 1, type);
      const std::vector<int32_t> tokens = integers(s.N, 2, 0, static_cast<int32_t>(s.V));
      const Buffer dTable = normalBuffer(s.V * s.C, 3);
      const Buffer want(dTable);
      Z2EmbeddingBackward a = {.dTable = dTable.floats(),
                               .dOut = dOut.data(),
                               .tokens = tokens.data(),
                               .N = s.N,
                               .C = s.C,
                               .V = s.V,
                               .dOutType = type,
                               .workspace = nullptr};
      expectOk(ops().embeddingBackward(ops().context, &a));
      a.dTable = want.floats();
      reference::embeddingBackward(a, 1);
      EXPECT_TRUE(dTable.hasSameBits(want));
    }
  }
}

}  // namespace
}  // namespace z2::test
