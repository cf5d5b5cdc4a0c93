#include "core/model/llama_memory.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "core/model/fp8_linear.h"

namespace z2 {

namespace {

constexpr int64_t kFloat = 4;
// A chunk of logits: long enough for a matmul at full speed, small beside the activations.
constexpr int64_t kLogitsBytes = 1'700'000'000;
// Moments within a layer's backward.
constexpr int64_t kMomentsPerLayer = 8;

// Adds the buffers in the order of a step: embedding, layers, head, layers backwards, embedding.
class Planner {
 public:
  Planner(const LlamaConfig& config, const LlamaOptions& options, const ParameterLayout& layout,
          const AdapterLayout& adapters, const Z2Ops* ops)
      : config_(config),
        options_(options),
        layout_(layout),
        adapters_(adapters),
        ops_(ops),
        N_(options.rows * options.columns),
        element_(static_cast<int64_t>(sizeOf(options.type))),
        residual_(config.residualFp32 ? kFloat : element_) {}

  LlamaPlan make() {
    addFlatBuffers();
    if (options_.lora.isOn()) addAdapterBuffers();
    addInputs();
    plan_.layers.resize(static_cast<size_t>(config_.numHiddenLayers));
    plan_.backLayers.resize(plan_.layers.size());
    for (int64_t layer = 0; layer < config_.numHiddenLayers; ++layer) addLayer(layer);
    for (size_t i = 0; i < adapters_.groups().size(); ++i) addAdapters(adapters_.groups()[i], i);
    addHead();
    if (options_.isTrained) addGradientStream();
    if (options_.usesFp8) addFp8();
    plan_.workspace =
        plan_.memory.addPermanent("workspace", MemoryPart::kWorkspace, workspaceBytes());
    plan_.memory.place();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] int64_t forwardOf(int64_t layer) const { return (1 + layer) * kMomentsPerLayer; }
  [[nodiscard]] int64_t head() const { return forwardOf(config_.numHiddenLayers); }
  [[nodiscard]] int64_t backwardOf(int64_t layer, int64_t part) const {
    return head() + (config_.numHiddenLayers - layer) * kMomentsPerLayer + part;
  }
  [[nodiscard]] int64_t end() const { return backwardOf(-1, 0); }

  int permanent(const char* name, MemoryPart part, int64_t bytes) {
    return plan_.memory.addPermanent(name, part, bytes);
  }
  int activation(std::string name, int64_t bytes, int64_t first, int64_t last) {
    return plan_.memory.add(std::move(name), MemoryPart::kActivations, bytes, first, last);
  }

  void addFlatBuffers() {
    const int64_t size = layout_.size();
    const bool isFrozen = options_.lora.isOn();
    if (!isFrozen || options_.type == DType::kF32) {
      plan_.master = permanent("master weights", MemoryPart::kWeights, size * kFloat);
    }
    if (options_.type != DType::kF32) {
      plan_.weights = permanent("compute weights", MemoryPart::kWeights, size * element_);
    }
    if (isFrozen || !options_.isTrained) return;
    plan_.gradients = permanent("gradients", MemoryPart::kGradients, size * kFloat);
    if (!options_.hasOptimizer) return;
    plan_.m = permanent("first moments", MemoryPart::kOptimizer, size * kFloat);
    plan_.v = permanent("second moments", MemoryPart::kOptimizer, size * kFloat);
  }

  void addAdapterBuffers() {
    const int64_t size = adapters_.size();
    plan_.adapterMaster = permanent("adapters", MemoryPart::kWeights, size * kFloat);
    if (options_.type != DType::kF32) {
      plan_.adapterWeights = permanent("compute adapters", MemoryPart::kWeights, size * element_);
    }
    int64_t largest = 0;
    for (const AdapterGroup& group : adapters_.groups()) {
      const int64_t wide = group.rows * group.width;
      largest = std::max(largest, wide);
      plan_.adapters.push_back(
          {.wide = permanent("wide B", MemoryPart::kWeights, wide * element_)});
    }
    if (!options_.isTrained) return;
    plan_.adapterGradients = permanent("gradients", MemoryPart::kGradients, size * kFloat);
    plan_.wideGradient = permanent("wide gradient", MemoryPart::kGradients, largest * kFloat);
    plan_.discarded =
        permanent("frozen norms", MemoryPart::kGradients, config_.hiddenSize * kFloat);
    if (!options_.hasOptimizer) return;
    plan_.adapterM = permanent("first moments", MemoryPart::kOptimizer, size * kFloat);
    plan_.adapterV = permanent("second moments", MemoryPart::kOptimizer, size * kFloat);
  }

  // The part of a layer's backward that computes a fused matrix's gradients.
  static int64_t partOf(ParameterKind kind) {
    if (kind == ParameterKind::kDown) return 0;
    if (kind == ParameterKind::kGateUp) return 1;
    return kind == ParameterKind::kOutput ? 2 : 4;
  }

  void addAdapters(const AdapterGroup& group, size_t index) {
    AdapterPlan& its = plan_.adapters[index];
    const bool isTrained = options_.isTrained;
    const int64_t forward = forwardOf(group.layer);
    const int64_t back = backwardOf(group.layer, partOf(group.kind));
    const auto add = [&](const char* name, int64_t width, int64_t first, int64_t last) {
      return activation(fmt::format("layers.{}.{}", group.layer, name), N_ * width * element_,
                        first, last);
    };
    its.inner = add("adapter_inner", group.width, forward, isTrained ? back : forward);
    if (!isTrained) return;
    its.dInner = add("d_adapter_inner", group.width, back, back);
    if (options_.lora.dropout == 0) return;
    its.dropped = add("adapter_input", group.columns, forward, forward);
    const int64_t again = recomputesBlocks() ? backwardOf(group.layer, 0) : back;
    its.droppedAgain = add("adapter_input_again", group.columns, again, back);
    its.dDropped = add("d_adapter_input", group.columns, back, back);
  }

  void addInputs() {
    const auto add = [this](const char* name, int64_t bytes) {
      return permanent(name, MemoryPart::kActivations, bytes);
    };
    plan_.tokens = add("tokens", N_ * kFloat);
    plan_.targets = add("targets", N_ * kFloat);
    plan_.positions = add("positions", N_ * kFloat);
    plan_.documentStart = add("document starts", N_ * kFloat);
    plan_.cosine = add("rope cosines", options_.columns * config_.headDim / 2 * kFloat);
    plan_.sine = add("rope sines", options_.columns * config_.headDim / 2 * kFloat);
    plan_.lossRows = add("losses", kLossSlots * N_ * kFloat);
    plan_.evaluated = add("losses of evaluation", N_ * kFloat);
    if (options_.isTrained) plan_.lossWeights = add("weights of losses", N_ * kFloat);
  }

  void addLayer(int64_t layer) {
    LayerPlan& its = plan_.layers[static_cast<size_t>(layer)];
    const int64_t first = forwardOf(layer);
    const int64_t last = options_.isTrained ? backwardOf(layer, 4) : first;
    its.residual1 = activation(fmt::format("layers.{}.residual1", layer),
                               N_ * config_.hiddenSize * residual_, first, last);
    addInside(layer, its, first, options_.isTrained && !recomputesBlocks());
    // The next layer reads this residual, and then keeps its own.
    if (!options_.isTrained || recomputesBlocks())
      plan_.memory.extend(its.residual2, forwardOf(layer + 1));
    if (!swigluGivesCodes())
      its.inner = activation(fmt::format("layers.{}.inner", layer),
                             N_ * config_.intermediateSize * element_, first, first);
    if (!options_.isTrained) return;
    LayerPlan& back = plan_.backLayers[static_cast<size_t>(layer)];
    back = its;
    if (recomputesBlocks()) addInside(layer, back, backwardOf(layer, 0), true);
    addLayerBackward(layer, back);
  }

  // What a layer makes, from moment `first` on: kept until the part of backward that reads it, or
  // for that moment.
  void addInside(int64_t layer, LayerPlan& its, int64_t first, bool isKept) {
    const int64_t C = config_.hiddenSize;
    const int64_t F = config_.intermediateSize;
    const auto keep = [&](const char* name, int64_t bytes, int64_t part, bool comesAgain = false) {
      const int64_t last = isKept && !comesAgain ? backwardOf(layer, part) : first;
      return activation(fmt::format("layers.{}.{}", layer, name), bytes, first, last);
    };
    const bool recomputes = recomputesNorms();
    its.rstd1 = keep("rstd1", N_ * kFloat, 4);
    if (!normsGiveCodes()) its.norm1 = keep("norm1", N_ * C * element_, 4, recomputes);
    its.qkv = keep("qkv", N_ * config_.qkvWidth() * element_, 3);
    its.attention = keep("attention", N_ * config_.attentionWidth() * element_, 3);
    its.lse = keep("lse", N_ * config_.numAttentionHeads * kFloat, 3);
    its.residual2 = keep("residual2", N_ * C * residual_, 1);
    its.rstd2 = keep("rstd2", N_ * kFloat, 1);
    if (!normsGiveCodes()) its.norm2 = keep("norm2", N_ * C * element_, 1, recomputes);
    its.gateUp = keep("gate_up", N_ * 2 * F * element_, 1);
  }

  [[nodiscard]] bool recomputesNorms() const { return options_.recompute == Recompute::kNorms; }
  [[nodiscard]] bool recomputesBlocks() const { return options_.recompute == Recompute::kBlocks; }
  // Whether results are written as codes of 8 bits alone. Adapters read them in 16 bits.
  [[nodiscard]] bool normsGiveCodes() const {
    return options_.usesFp8 && !options_.lora.isOn() && config_.fused.rmsNorm;
  }
  [[nodiscard]] bool swigluGivesCodes() const {
    return options_.usesFp8 && !options_.lora.isOn() && config_.fused.swiglu;
  }

  void addLayerBackward(int64_t layer, LayerPlan& its) {
    const auto scratch = [&](const char* name, int64_t width, int64_t from, int64_t to) {
      return activation(fmt::format("layers.{}.{}", layer, name), N_ * width * element_,
                        backwardOf(layer, from), backwardOf(layer, to));
    };
    its.dInner = scratch("d_inner", config_.intermediateSize, 0, 0);
    if (!swigluGivesCodes())
      its.innerAgain = scratch("inner_again", config_.intermediateSize, 0, 0);
    its.dNorm2 = scratch("d_norm2", config_.hiddenSize, 1, 1);
    its.dAttention = scratch("d_attention", config_.attentionWidth(), 2, 3);
    its.dQkv = scratch("d_qkv", config_.qkvWidth(), 3, 4);
    its.dNorm1 = scratch("d_norm1", config_.hiddenSize, 4, 4);
    if (normsGiveCodes()) return;
    const bool recomputes = recomputesNorms();
    its.norm2Again = recomputes ? scratch("norm2_again", config_.hiddenSize, 1, 1) : its.norm2;
    its.norm1Again = recomputes ? scratch("norm1_again", config_.hiddenSize, 4, 4) : its.norm1;
  }

  void addHead() {
    const int64_t C = config_.hiddenSize;
    const int64_t afterHead = options_.isTrained ? backwardOf(config_.numHiddenLayers, 1) : head();
    plan_.delta = activation("delta", N_ * C * element_, forwardOf(0), head());
    if (options_.isTrained && recomputesBlocks())
      plan_.deltaAgain = activation("delta_again", N_ * C * element_,
                                    backwardOf(config_.numHiddenLayers - 1, 0), backwardOf(0, 0));
    plan_.finalResidual = activation("final residual", N_ * C * residual_, head(), afterHead);
    plan_.finalRstd = activation("final rstd", N_ * kFloat, head(), afterHead);
    plan_.finalNorm = activation("final norm", N_ * C * element_, head(), afterHead);
    plan_.headRows = options_.headRows > 0 ? options_.headRows : chosenHeadRows();
    plan_.headRows = std::min(plan_.headRows, N_);
    plan_.rowLogits = permanent("logits of a row", MemoryPart::kLogits, config_.vocabSize * kFloat);
    plan_.logits = plan_.memory.add("logits", MemoryPart::kLogits,
                                    plan_.headRows * config_.vocabSize * element_, head(), head());
  }

  // The largest power of two that fits the bytes: chunks of one size are one matmul shape.
  [[nodiscard]] int64_t chosenHeadRows() const {
    int64_t rows = 64;
    while (rows * 2 * config_.vocabSize * element_ <= kLogitsBytes) rows *= 2;
    return rows;
  }

  void addGradientStream() {
    const int64_t C = config_.hiddenSize;
    const int64_t first = backwardOf(config_.numHiddenLayers, 1);
    plan_.dResidual = activation("d_residual", N_ * C * residual_, first, end());
    if (config_.residualDropout > 0 || residual_ != element_) {
      plan_.dDelta = activation("d_delta", N_ * C * element_, first, end());
    }
  }

  // The weights' codes, and one product's operands at a time, as wide as the widest.
  void addFp8() {
    const int64_t C = config_.hiddenSize, F = config_.intermediateSize;
    const int64_t Q = config_.qkvWidth(), A = config_.attentionWidth();
    const auto add = [this](const char* name, int64_t bytes) {
      return permanent(name, MemoryPart::kWorkspace, bytes);
    };
    plan_.codes = add("8-bit operand", N_ * std::max({2 * F, Q, C, A}));
    const int64_t weights = config_.numHiddenLayers * Fp8Linear::weightBytes(config_);
    plan_.weights8 = permanent("8-bit weights", MemoryPart::kWeights, weights);
    plan_.scales = add("8-bit scales", Fp8Linear::scaleBytes(config_.numHiddenLayers));
    if (!options_.isTrained) return;
    plan_.weights8Transposed =
        permanent("8-bit weights, transposed", MemoryPart::kWeights, weights);
    if (options_.lora.isOn()) return;  // weights have no gradients
    plan_.transposedNarrow = add("8-bit gradient, transposed, narrow", N_ * C);
    plan_.transposedWide = add("8-bit gradient, transposed, wide", N_ * std::max(2 * F, Q));
    plan_.input = add("8-bit input, transposed", N_ * std::max({F, C, A}));
  }

  [[nodiscard]] int64_t workspaceBytes() const {
    const int64_t V = config_.vocabSize;
    const int64_t unfusedLoss =
        config_.fused.crossEntropy ? 0 : plan_.headRows * V * kFloat + plan_.headRows * kFloat;
    if (ops_ == nullptr) {
      // The share of a device is small and not known here: sums of norms and biases.
      return std::max<int64_t>(unfusedLoss, 4 * config_.qkvWidth() * 64 * kFloat);
    }
    Z2Context* const context = ops_->context;
    const Z2AttentionBackward shape = attentionShape();
    size_t bytes = static_cast<size_t>(unfusedLoss);
    bytes = std::max(bytes, ops_->attentionWorkspace(context, &shape));
    if (!config_.fused.crossEntropy) {
      bytes = std::max(bytes, ops_->crossEntropyWorkspace(context, plan_.headRows, V));
    }
    if (!options_.isTrained) return static_cast<int64_t>(bytes);
    bytes = std::max(bytes, ops_->embeddingBackwardWorkspace(context, N_, config_.hiddenSize));
    bytes = std::max(bytes, ops_->rmsNormBackwardWorkspace(context, N_, config_.hiddenSize));
    bytes = std::max(bytes, ops_->biasBackwardWorkspace(context, N_, config_.qkvWidth()));
    bytes = std::max(bytes, ops_->biasBackwardWorkspace(context, N_, config_.hiddenSize));
    return static_cast<int64_t>(bytes);
  }

  [[nodiscard]] Z2AttentionBackward attentionShape() const {
    Z2AttentionBackward shape = {};
    shape.B = options_.rows;
    shape.T = options_.columns;
    shape.Hq = config_.numAttentionHeads;
    shape.Hkv = config_.numKeyValueHeads;
    shape.D = config_.headDim;
    shape.type = static_cast<Z2DType>(options_.type);
    shape.dropout.probability = static_cast<float>(config_.attentionDropout);
    shape.fused = config_.fused.attention;
    return shape;
  }

  const LlamaConfig& config_;
  const LlamaOptions& options_;
  const ParameterLayout& layout_;
  const AdapterLayout& adapters_;
  const Z2Ops* const ops_;
  const int64_t N_;
  const int64_t element_;
  const int64_t residual_;
  LlamaPlan plan_;
};

}  // namespace

LlamaPlan planLlama(const LlamaConfig& config, const LlamaOptions& options,
                    const ParameterLayout& layout, const AdapterLayout& adapters,
                    const Z2Ops* ops) {
  return Planner(config, options, layout, adapters, ops).make();
}

Result<MemoryPlan> planMemory(const LlamaConfig& config, const LlamaOptions& options,
                              const Z2Ops* ops) {
  Z2_TRY_VOID(config.validate());
  const ParameterLayout layout(config, options.bucketBytes);
  const AdapterLayout adapters(config, options.lora);
  return planLlama(config, options, layout, adapters, ops).memory;
}

}  // namespace z2
