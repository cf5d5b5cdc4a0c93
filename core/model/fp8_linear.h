#pragma once

// A layer's projections as products of 8-bit floats, forward and backward. Every operand has one
// scale, found from the operand itself on the device: nothing waits for the host, and nothing is
// carried from step to step, so that a resumed run gives the bits of one that was not stopped.
// Weights are quantised once a step, both ways. Head, attention, norms and sums stay in 16 and 32
// bits. Private to core/model.

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/model/llama_config.h"
#include "core/model/parameters.h"
#include "kernels/ops.h"

namespace z2 {

class Fp8Linear {
 public:
  // Where operands lie while a product uses them, sized for the widest; planned in llama_memory.
  struct Memory {
    void* codes = nullptr;       // x in forward, dy in backward
    void* transposed = nullptr;  // dy, kept from dataGradient to weightGradient
    void* input = nullptr;       // x in backward, transposed, where forward did not keep it
    // Codes of all w: layers × weightBytes(); the transposed ones are backward's.
    void* weights = nullptr;
    void* weightsTransposed = nullptr;
    float* scales = nullptr;  // scaleBytes(): magnitudes, and what follows from them
  };
  static constexpr ParameterKind kKinds[] = {ParameterKind::kQkv, ParameterKind::kOutput,
                                             ParameterKind::kGateUp, ParameterKind::kDown};
  // Where forward keeps the codes of x, transposed, for weightGradient: by layer, in the order of
  // kKinds. None: x is quantised again.
  using Kept = std::vector<void*>;
  // Of y = x w^T over N rows.
  struct Product {
    ParameterKind kind;
    int64_t layer = 0;
    const void* weight = nullptr;  // [O, I]
    int64_t N = 0, O = 0, I = 0;
  };

  Fp8Linear() = default;
  Fp8Linear(const Z2Ops& ops, Z2DType type, const LlamaConfig& config, const Memory& memory,
            Kept kept)
      : ops_(&ops), type_(type), config_(&config), memory_(memory), kept_(std::move(kept)) {}

  [[nodiscard]] static int64_t scaleBytes(int64_t layers);
  [[nodiscard]] static int64_t weightBytes(const LlamaConfig& config);  // of a layer
  // What the shape must be like: an Error names what is not a multiple of 16.
  [[nodiscard]] static Result<void> check(const LlamaConfig& config, int64_t tokens);

  [[nodiscard]] bool takes(ParameterKind kind) const;
  // Where what produces an operand tells its greatest magnitude: of a product's x, and of its dy.
  // Null where this is off, or where a pass of its own measures the operand: attention's output,
  // and the gradient of q, k and v.
  [[nodiscard]] float* inputAmax(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] float* gradientAmax(ParameterKind kind, int64_t layer) const;
  // When weights have changed: beginWeights, then quantiseWeight of every product (its N is
  // nothing).
  [[nodiscard]] Result<void> beginWeights() const;
  [[nodiscard]] Result<void> quantiseWeight(const Product& of) const;
  // Once before each forward.
  [[nodiscard]] Result<void> begin() const;
  [[nodiscard]] Result<void> forward(const Product& of, void* y, const void* x,
                                     const void* bias) const;
  // After forward; weightGradient of a product follows its dataGradient, before the next one's. x
  // has the bits that it had in forward; it is not read where its codes were kept.
  [[nodiscard]] Result<void> dataGradient(const Product& of, void* dx, const void* dy) const;
  [[nodiscard]] Result<void> weightGradient(const Product& of, float* dw, const void* x) const;

 private:
  // Magnitude and scale of an operand; the scale is aligned as products want it.
  struct alignas(16) Scale {
    float scale;
    float amax;
  };
  // Of a product's operands that change with each pass.
  struct Scales {
    Scale x, dy;
  };
  [[nodiscard]] Scales* scalesOf(ParameterKind kind, int64_t layer) const;
  [[nodiscard]] Scale* weightScaleOf(ParameterKind kind, int64_t layer) const;  // behind the others
  // Where a weight's codes begin in `weights`.
  [[nodiscard]] void* weightAt(void* weights, const Product& of) const;
  [[nodiscard]] Result<void> quantise(const void* in, int64_t rows, int64_t columns, Scale* scale,
                                      Z2DType codeType, void* codes, void* transposed) const;
  struct Operand {
    const void* codes;
    Z2DType type;
    const Scale* scale;
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
  [[nodiscard]] void* keptOf(const Product& of) const;  // null: nothing is kept
  [[nodiscard]] Result<void> measure(const void* in, int64_t n, float* amax) const;

  const Z2Ops* ops_ = nullptr;  // null: off
  Z2DType type_ = Z2_BF16;
  const LlamaConfig* config_ = nullptr;
  Memory memory_;
  Kept kept_;
};

}  // namespace z2
