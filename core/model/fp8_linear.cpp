#include "core/model/fp8_linear.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/model/operations.h"

namespace z2 {

namespace {

constexpr int64_t kProducts = 4;  // of a layer
constexpr int64_t kMultiple = 16;
// Gradients need range more than precision.
constexpr Z2DType kGradientCodes = Z2_E5M2;

int64_t placeOf(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::kQkv:
      return 0;
    case ParameterKind::kOutput:
      return 1;
    case ParameterKind::kGateUp:
      return 2;
    case ParameterKind::kDown:
      return 3;
    default:
      return -1;
  }
}

}  // namespace

int64_t Fp8Linear::scaleBytes(int64_t layers) {
  return layers * kProducts * static_cast<int64_t>(sizeof(Scales));
}

int64_t Fp8Linear::weightBytes(const LlamaConfig& config) {
  return config.hiddenSize *
         (config.qkvWidth() + config.attentionWidth() + 3 * config.intermediateSize);
}

Result<void> Fp8Linear::check(const LlamaConfig& config, int64_t tokens) {
  for (const auto& [name, value] :
       {std::pair<const char*, int64_t>{"the hidden size", config.hiddenSize},
        {"the intermediate size", config.intermediateSize},
        {"the width of q, k and v", config.qkvWidth()},
        {"the width of attention", config.attentionWidth()},
        {"tokens of a micro-batch", tokens}}) {
    if (value % kMultiple == 0) continue;
    return badInput("train.dtype",
                    fmt::format("fp8 needs multiples of 16, and {} is {}", name, value),
                    "Change that number, or train with bf16.");
  }
  return {};
}

bool Fp8Linear::takes(ParameterKind kind) const { return ops_ != nullptr && placeOf(kind) >= 0; }

Fp8Linear::Scales* Fp8Linear::scalesOf(ParameterKind kind, int64_t layer) const {
  return static_cast<Scales*>(memory_.scales) + layer * kProducts + placeOf(kind);
}

void* Fp8Linear::weightAt(void* weights, const Product& of) const {
  const int64_t C = config_->hiddenSize, F = config_->intermediateSize;
  const int64_t before[kProducts] = {0, config_->qkvWidth() * C,
                                     (config_->qkvWidth() + config_->attentionWidth()) * C,
                                     (config_->qkvWidth() + config_->attentionWidth() + 2 * F) * C};
  return static_cast<std::byte*>(weights) + of.layer * weightBytes(*config_) +
         before[placeOf(of.kind)];
}

Z2Codes Fp8Linear::input(ParameterKind kind, int64_t layer) const {
  return {.codes = memory_.codes,
          .transposed = nullptr,
          .scale = &scalesOf(kind, layer)->x,
          .type = Z2_E4M3,
          .isKnown = 0};
}

Z2Codes Fp8Linear::inputAgain(ParameterKind kind, int64_t layer) const {
  return {.codes = nullptr,
          .transposed = memory_.input,
          .scale = &scalesOf(kind, layer)->x,
          .type = Z2_E4M3,
          .isKnown = 1};
}

void* Fp8Linear::transposedOf(ParameterKind kind) const {
  const bool isNarrow = kind == ParameterKind::kOutput || kind == ParameterKind::kDown;
  return isNarrow ? memory_.transposedNarrow : memory_.transposedWide;
}

Z2Codes Fp8Linear::gradient(ParameterKind kind, int64_t layer) const {
  return {.codes = memory_.codes,
          .transposed = transposedOf(kind),
          .scale = &scalesOf(kind, layer)->dy,
          .type = kGradientCodes,
          .isKnown = 0};
}

Result<void> Fp8Linear::quantiseWeight(const Product& of) const {
  void* const transposed =
      memory_.weightsTransposed == nullptr ? nullptr : weightAt(memory_.weightsTransposed, of);
  return quantise({.codes = weightAt(memory_.weights, of),
                   .transposed = transposed,
                   .scale = &scalesOf(of.kind, of.layer)->w,
                   .type = Z2_E4M3,
                   .isKnown = 0},
                  of.weight, of.O, of.I);
}

Result<void> Fp8Linear::quantise(const Z2Codes& out, const void* in, int64_t rows,
                                 int64_t columns) const {
  return call<&Z2Ops::quantise>(
      *ops_, Z2Quantise{.out = out, .in = in, .N = rows, .C = columns, .type = type_},
      "quantising");
}

Result<void> Fp8Linear::multiply(const Operand& a, const Operand& b, const Target& to,
                                 const char* what) const {
  return call<&Z2Ops::matmulFp8>(*ops_,
                                 Z2MatmulFp8{.out = to.out,
                                             .a = a.codes,
                                             .b = b.codes,
                                             .scaleA = &a.scale->scale,
                                             .scaleB = &b.scale->scale,
                                             .bias = to.bias,
                                             .M = to.M,
                                             .N = to.N,
                                             .K = to.K,
                                             .beta = to.isAddedTo ? 1.0F : 0.0F,
                                             .typeA = a.type,
                                             .typeB = b.type,
                                             .outType = to.type,
                                             .fastSums = 1},
                                 what);
}

Result<void> Fp8Linear::forward(const Product& of, void* y, const void* x, const void* bias) const {
  if (x != nullptr) Z2_TRY_VOID(quantise(input(of.kind, of.layer), x, of.N, of.I));
  const Scales* const scales = scalesOf(of.kind, of.layer);
  return multiply({memory_.codes, Z2_E4M3, &scales->x},
                  {weightAt(memory_.weights, of), Z2_E4M3, &scales->w},
                  {.out = y, .type = type_, .M = of.N, .N = of.O, .K = of.I, .bias = bias},
                  "a projection in 8 bits");
}

Result<void> Fp8Linear::dataGradient(const Product& of, void* dx, const void* dy) const {
  if (dy != nullptr) Z2_TRY_VOID(quantise(gradient(of.kind, of.layer), dy, of.N, of.O));
  const Scales* const scales = scalesOf(of.kind, of.layer);
  return multiply({memory_.codes, kGradientCodes, &scales->dy},
                  {weightAt(memory_.weightsTransposed, of), Z2_E4M3, &scales->w},
                  {.out = dx, .type = type_, .M = of.N, .N = of.I, .K = of.O},
                  "a projection's backward in 8 bits");
}

Result<void> Fp8Linear::weightGradient(const Product& of, float* dw, const void* x) const {
  if (x != nullptr) Z2_TRY_VOID(quantise(inputAgain(of.kind, of.layer), x, of.N, of.I));
  const Scales* const scales = scalesOf(of.kind, of.layer);
  return multiply({transposedOf(of.kind), kGradientCodes, &scales->dy},
                  {memory_.input, Z2_E4M3, &scales->x},
                  {.out = dw, .type = Z2_F32, .M = of.O, .N = of.I, .K = of.N, .isAddedTo = true},
                  "a weight's gradient in 8 bits");
}

}  // namespace z2
