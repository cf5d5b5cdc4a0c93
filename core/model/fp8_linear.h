#pragma once

// A layer's projections as products of 8-bit floats, forward and backward. Every operand has one
// scale that follows from the operand alone: nothing waits for the host, and no result depends on
// steps before, so that a resumed run gives the bits of one that was not stopped. Norms and SwiGLU
// write codes in place of their results; the others are quantised by a pass of their own. Weights
// are quantised once a step, both ways. Head, attention, norms and sums stay in 16 and 32 bits.
// Private to core/model.

#include <cstdint>

#include "core/base/error.h"
#include "core/model/llama_config.h"
#include "core/model/parameters.h"
#include "kernels/ops.h"

namespace z2 {

class Fp8Linear {
 public:
  // Where operands lie while a product uses them, sized for the widest; planned in llama_memory.
  struct Memory {
    void* codes = nullptr;  // x in forward, dy in backward
    // dy, kept from dataGradient to weightGradient: of the products that the layer's end and
    // attention's output make (down, o), and of the other two.
    void* transposedNarrow = nullptr;
    void* transposedWide = nullptr;
    void* input = nullptr;  // x in backward, transposed
    // Codes of all w: layers × weightBytes(); the transposed ones are backward's.
    void* weights = nullptr;
    void* weightsTransposed = nullptr;
    void* scales = nullptr;  // scaleBytes(), zero at first
  };
  static constexpr ParameterKind kKinds[] = {ParameterKind::kQkv, ParameterKind::kOutput,
                                             ParameterKind::kGateUp, ParameterKind::kDown};
  // Of y = x w^T over N rows.
  struct Product {
    ParameterKind kind;
    int64_t layer = 0;
    const void* weight = nullptr;  // [O, I]
    int64_t N = 0, O = 0, I = 0;
  };

  Fp8Linear() = default;
  Fp8Linear(const Z2Ops& ops, Z2DType type, const LlamaConfig& config, const Memory& memory)
      : ops_(&ops), type_(type), config_(&config), memory_(memory) {}

  [[nodiscard]] static int64_t scaleBytes(int64_t layers);
  [[nodiscard]] static int64_t weightBytes(const LlamaConfig& config);  // of a layer
  // What the shape must be like: an Error names what is not a multiple of 16.
  [[nodiscard]] static Result<void> check(const LlamaConfig& config, int64_t tokens);

  [[nodiscard]] bool takes(ParameterKind kind) const;
  // For an operation that writes codes in place of its result, which the product of that kind reads
  // next: x in forward, x again in backward, dy.
  [[nodiscard]] Z2Codes input(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] Z2Codes inputAgain(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] Z2Codes gradient(ParameterKind kind, int64_t layer) const;
  // When weights have changed, of every product (its N is nothing).
  [[nodiscard]] Result<void> quantiseWeight(const Product& of) const;
  // An x or dy that is null has been written as codes. weightGradient of a product follows its
  // dataGradient, before that of the one after the next; x has the bits that it had in forward.
  [[nodiscard]] Result<void> forward(const Product& of, void* y, const void* x,
                                     const void* bias) const;
  [[nodiscard]] Result<void> dataGradient(const Product& of, void* dx, const void* dy) const;
  [[nodiscard]] Result<void> weightGradient(const Product& of, float* dw, const void* x) const;

 private:
  // Of a product's operands.
  struct Scales {
    Z2Scale x, dy, w;
  };
  [[nodiscard]] Scales* scalesOf(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] void* transposedOf(ParameterKind kind) const;  // dy's
  // Where a weight's codes begin in `weights`.
  [[nodiscard]] void* weightAt(void* weights, const Product& of) const;
  [[nodiscard]] Result<void> quantise(const Z2Codes& out, const void* in, int64_t rows,
                                      int64_t columns) const;
  struct Operand {
    const void* codes;
    Z2DType type;
    const Z2Scale* scale;
  };
  struct Target {
    void* out;  // [M, N]
    Z2DType type;
    int64_t M, N, K;
    const void* bias = nullptr;
    bool isAddedTo = false;
  };
  // out = a b^T.
  [[nodiscard]] Result<void> multiply(const Operand& a, const Operand& b, const Target& to,
                                      const char* what) const;

  const Z2Ops* ops_ = nullptr;  // null: off
  Z2DType type_ = Z2_BF16;
  const LlamaConfig* config_ = nullptr;
  Memory memory_;
};

}  // namespace z2
