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

// The passes' scales of all layers, then the weights'.
int64_t Fp8Linear::scaleBytes(int64_t layers) {
  return layers * kProducts * static_cast<int64_t>(sizeof(Scales) + sizeof(Scale));
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
  return reinterpret_cast<Scales*>(memory_.scales) + layer * kProducts + placeOf(kind);
}

Fp8Linear::Scale* Fp8Linear::weightScaleOf(ParameterKind kind, int64_t layer) const {
  const Scales* const behind =
      reinterpret_cast<const Scales*>(memory_.scales) + config_->numHiddenLayers * kProducts;
  return reinterpret_cast<Scale*>(const_cast<Scales*>(behind)) + layer * kProducts + placeOf(kind);
}

void* Fp8Linear::weightAt(void* weights, const Product& of) const {
  const int64_t C = config_->hiddenSize, F = config_->intermediateSize;
  const int64_t before[kProducts] = {0, config_->qkvWidth() * C,
                                     (config_->qkvWidth() + config_->attentionWidth()) * C,
                                     (config_->qkvWidth() + config_->attentionWidth() + 2 * F) * C};
  return static_cast<std::byte*>(weights) + of.layer * weightBytes(*config_) +
         before[placeOf(of.kind)];
}

void* Fp8Linear::keptOf(const Product& of) const {
  if (kept_.empty()) return nullptr;
  return kept_[static_cast<size_t>(of.layer * kProducts + placeOf(of.kind))];
}

float* Fp8Linear::inputAmax(ParameterKind kind, int64_t layer) const {
  if (ops_ == nullptr || layer < 0 || kind == ParameterKind::kOutput) return nullptr;
  return &scalesOf(kind, layer)->x.amax;
}

float* Fp8Linear::gradientAmax(ParameterKind kind, int64_t layer) const {
  if (ops_ == nullptr || layer < 0 || kind == ParameterKind::kQkv) return nullptr;
  return &scalesOf(kind, layer)->dy.amax;
}

Result<void> Fp8Linear::begin() const {
  if (ops_ == nullptr) return {};
  const int64_t products = config_->numHiddenLayers * kProducts;
  return checkStatus(
      *ops_,
      ops_->fillZero(ops_->context, memory_.scales, static_cast<size_t>(products) * sizeof(Scales)),
      "clearing magnitudes");
}

Result<void> Fp8Linear::beginWeights() const {
  const int64_t products = config_->numHiddenLayers * kProducts;
  return checkStatus(*ops_,
                     ops_->fillZero(ops_->context, weightScaleOf(kKinds[0], 0),
                                    static_cast<size_t>(products) * sizeof(Scale)),
                     "clearing magnitudes");
}

Result<void> Fp8Linear::quantiseWeight(const Product& of) const {
  Scale* const scale = weightScaleOf(of.kind, of.layer);
  Z2_TRY_VOID(measure(of.weight, of.O * of.I, &scale->amax));
  void* const transposed =
      memory_.weightsTransposed == nullptr ? nullptr : weightAt(memory_.weightsTransposed, of);
  return quantise(of.weight, of.O, of.I, scale, Z2_E4M3, weightAt(memory_.weights, of), transposed);
}

Result<void> Fp8Linear::measure(const void* in, int64_t n, float* amax) const {
  return call<&Z2Ops::amax>(*ops_, Z2Amax{.amax = amax, .in = in, .n = n, .type = type_},
                            "the greatest magnitude");
}

Result<void> Fp8Linear::quantise(const void* in, int64_t rows, int64_t columns, Scale* scale,
                                 Z2DType codeType, void* codes, void* transposed) const {
  return call<&Z2Ops::quantise>(*ops_,
                                Z2Quantise{.codes = codes,
                                           .transposed = transposed,
                                           .scale = &scale->scale,
                                           .in = in,
                                           .amax = &scale->amax,
                                           .N = rows,
                                           .C = columns,
                                           .type = type_,
                                           .codeType = codeType},
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
  Scales* const scales = scalesOf(of.kind, of.layer);
  if (inputAmax(of.kind, of.layer) == nullptr) {
    Z2_TRY_VOID(measure(x, of.N * of.I, &scales->x.amax));
  }
  // An evaluation's rows may be no multiple of 16, and it has no backward.
  void* const kept = of.N % kMultiple == 0 ? keptOf(of) : nullptr;
  Z2_TRY_VOID(quantise(x, of.N, of.I, &scales->x, Z2_E4M3, memory_.codes, kept));
  return multiply({memory_.codes, Z2_E4M3, &scales->x},
                  {weightAt(memory_.weights, of), Z2_E4M3, weightScaleOf(of.kind, of.layer)},
                  {.out = y, .type = type_, .M = of.N, .N = of.O, .K = of.I, .bias = bias},
                  "a projection in 8 bits");
}

Result<void> Fp8Linear::dataGradient(const Product& of, void* dx, const void* dy) const {
  Scales* const scales = scalesOf(of.kind, of.layer);
  if (gradientAmax(of.kind, of.layer) == nullptr) {
    Z2_TRY_VOID(measure(dy, of.N * of.O, &scales->dy.amax));
  }
  Z2_TRY_VOID(
      quantise(dy, of.N, of.O, &scales->dy, kGradientCodes, memory_.codes, memory_.transposed));
  return multiply(
      {memory_.codes, kGradientCodes, &scales->dy},
      {weightAt(memory_.weightsTransposed, of), Z2_E4M3, weightScaleOf(of.kind, of.layer)},
      {.out = dx, .type = type_, .M = of.N, .N = of.I, .K = of.O},
      "a projection's backward in 8 bits");
}

Result<void> Fp8Linear::weightGradient(const Product& of, float* dw, const void* x) const {
  Scales* const scales = scalesOf(of.kind, of.layer);
  const void* codes = keptOf(of);
  if (codes == nullptr) {
    Z2_TRY_VOID(quantise(x, of.N, of.I, &scales->x, Z2_E4M3, nullptr, memory_.input));
    codes = memory_.input;
  }
  return multiply({memory_.transposed, kGradientCodes, &scales->dy}, {codes, Z2_E4M3, &scales->x},
                  {.out = dw, .type = Z2_F32, .M = of.O, .N = of.I, .K = of.N, .isAddedTo = true},
                  "a weight's gradient in 8 bits");
}

}  // namespace z2
