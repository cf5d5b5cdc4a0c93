#pragma once

// The inside of a Llama, shared by its source files. Private to core/model.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/model/adapters.h"
#include "core/model/blocks.h"
#include "core/model/device_batch.h"
#include "core/model/fp8_linear.h"
#include "core/model/llama.h"
#include "core/model/llama_memory.h"
#include "core/model/operations.h"
#include "core/model/recording.h"

namespace z2 {

struct Llama::Impl {
  LlamaConfig config;
  LlamaOptions options;
  const Z2Ops* ops = nullptr;
  ParameterLayout layout;
  AdapterLayout adapterLayout;
  LlamaPlan plan;
  DeviceMemory arena;
  FlatBuffers buffers;
  FlatBuffers adapters;
  AfterLinear afterLinear;  // null without adapters
  DeviceBatch batch;
  RopeOnDevice rope;
  int64_t ropeLength = 0;  // sequence length that the table was made for
  int64_t lossSlot = 0;    // micro-batches whose losses wait
  std::vector<int64_t> lossSizes;
  double lossSum = 0;              // of those already on the host
  std::vector<float> hostWeights;  // kept as long as a copy of them may be under way
  BucketHook bucketHook;
  Recording recording;
  Fp8Linear fp8;
  // Of the pass that runs.
  bool isDropping = false;
  bool isAgain = false;  // a layer is computed again
  uint64_t microStep = 0;

  // Where the hash of a dropout mask says it is.
  enum class Place : uint64_t {
    kAttention,
    kAttentionResidual,
    kMlpResidual,
    kQkvAdapter,
    kOutputAdapter,
    kGateUpAdapter,
    kDownAdapter
  };

  Impl(const LlamaConfig& itsConfig, const LlamaOptions& itsOptions, const Z2Ops& itsOps)
      : config(itsConfig),
        options(itsOptions),
        ops(&itsOps),
        layout(itsConfig, itsOptions.bucketBytes),
        adapterLayout(itsConfig, itsOptions.lora),
        plan(planLlama(itsConfig, itsOptions, layout, adapterLayout, &itsOps)),
        // Dropout masks differ from pass to pass.
        recording(itsOps, itsOptions.isTrained && itsOptions.recordsPasses &&
                              itsConfig.attentionDropout == 0 && itsConfig.residualDropout == 0 &&
                              itsOptions.lora.dropout == 0) {
    if (isFrozen())
      afterLinear = [this](void* out, const void* x, ParameterKind kind, int64_t index, int64_t N) {
        return addAdapter(out, x, kind, index, N);
      };
  }

  [[nodiscard]] Result<void> allocate();
  [[nodiscard]] bool isFrozen() const { return options.lora.isOn(); }
  [[nodiscard]] Blocks blocks() const {
    return {config, layout, buffers, *ops, afterLinear ? &afterLinear : nullptr, &fp8};
  }
  // A buffer of the plan; null for -1.
  template <typename T = void>
  [[nodiscard]] T* at(int buffer) const {
    if (buffer < 0) return nullptr;
    const PlannedBuffer& planned = plan.memory.buffers()[static_cast<size_t>(buffer)];
    return reinterpret_cast<T*>(arena.at(planned.offset));
  }
  [[nodiscard]] const LayerPlan& layer(int64_t index) const {
    return plan.layers[static_cast<size_t>(index)];
  }
  [[nodiscard]] const LayerPlan& backLayer(int64_t index) const {
    return plan.backLayers[static_cast<size_t>(index)];
  }
  [[nodiscard]] Z2Dropout dropout(Place place, int64_t layer) const;
  [[nodiscard]] Z2DType type() const { return static_cast<Z2DType>(options.type); }
  [[nodiscard]] Z2DType residualType() const { return config.residualFp32 ? Z2_F32 : type(); }

  // llama_forward.cpp
  [[nodiscard]] Result<void> begin(const Batch& input);
  [[nodiscard]] Result<void> makeRope(int64_t sequenceLength);
  [[nodiscard]] Result<void> forward();  // up to the final norm
  [[nodiscard]] Result<void> forwardLayer(int64_t index);
  // From the first norm's result to the second one's; `delta` takes what attention adds.
  [[nodiscard]] Result<void> forwardAttention(int64_t index, const LayerPlan& its, void* delta);
  [[nodiscard]] Result<void> attend(int64_t index, const LayerPlan& its);
  // What backward reads of a layer, from what went into it; while that runs isAgain holds.
  [[nodiscard]] Result<void> layerAgain(int64_t index);
  // Of the head's gradient: `weights` [N] on the device, or null, as in kernels/cross_entropy.h.
  struct HeadGradient {
    float scale = 1.0f;
    const float* weights = nullptr;
  };
  // Chunks of logits and their losses; with gradients (of head and final norm's output) when
  // `gradient` is not null.
  [[nodiscard]] Result<void> head(float* losses, const HeadGradient* gradient);
  // Leaves them at plan.evaluated.
  [[nodiscard]] Result<void> lossesOf(const Batch& ofBatch, std::optional<uint64_t> dropout);
  // Log probabilities to the host, what `weigh` makes of them back to the device.
  [[nodiscard]] Result<void> weighTargets(const TargetWeigher& weigh);
  [[nodiscard]] Result<double> sumLosses(const float* losses, int64_t count) const;
  [[nodiscard]] Result<void> drainLosses();

  // Codes of the weights for products of 8-bit floats; nothing without those.
  [[nodiscard]] Result<void> quantiseWeights() const;
  // Forward, losses and backward of the batch that is on the device, recorded where that is
  // possible.
  [[nodiscard]] Result<void> pass(float* losses, float gradScale);

  // llama_adapters.cpp
  // fp32 values of the host as weights from element `offset` on, and back.
  [[nodiscard]] Result<void> writeWeights(int64_t offset, std::span<const float> values);
  [[nodiscard]] Result<void> readWeights(int64_t offset, std::span<float> values) const;
  // The wide matrices of all groups from their B.
  [[nodiscard]] Result<void> spreadAdapters();
  // What the adapters of that matrix add to its product with x; nothing where it has none.
  [[nodiscard]] Result<void> addAdapter(void* out, const void* x, ParameterKind kind, int64_t index,
                                        int64_t N);
  // Of the same: to dx, and the gradients of B; then, once x is there again, of A.
  [[nodiscard]] Result<void> adapterDataGradient(void* dx, const void* dy, ParameterKind kind,
                                                 int64_t index);
  [[nodiscard]] Result<void> adapterWeightGradient(const void* x, ParameterKind kind,
                                                   int64_t index);
  // A group of adapters with all that its products need.
  struct Adapter {
    const AdapterGroup* group = nullptr;
    const AdapterPlan* plan = nullptr;
    const void* a = nullptr;     // [width, columns], in the computation's type
    float* aGradient = nullptr;  // [width, columns]
    Z2Dropout dropout = {};
  };
  [[nodiscard]] std::optional<Adapter> adapterOf(ParameterKind kind, int64_t index) const;
  // x itself, or what dropout leaves of it in the buffer `place`.
  [[nodiscard]] Result<const void*> dropInput(const Adapter& adapter, const void* x, int place,
                                              int64_t N) const;
  // The gradients of a group's B.
  [[nodiscard]] Result<void> wideGradient(const Adapter& adapter, const void* dy);

  // llama_backward.cpp
  [[nodiscard]] Result<void> backward();  // from the final norm's output down
  [[nodiscard]] Result<void> backwardMlp(int64_t index);
  [[nodiscard]] Result<void> backwardAttention(int64_t index);
  [[nodiscard]] Result<void> attendBackward(int64_t index);
  [[nodiscard]] Result<void> backwardEmbedding();
  // What a norm's backward needs; dOut [N, C]. `place`, `layer` tell the delta's dropout;
  // isFirst: nothing flows along the residual stream yet.
  struct NormGradient {
    ParameterKind kind;
    int64_t layer = -1;
    const void* dOut = nullptr;
    const void* residual = nullptr;
    const float* rstd = nullptr;
    Z2Dropout dropout = {};  // of the delta that the norm added
    bool hasDelta = true;
    bool isFirst = false;
    void* outAgain = nullptr;  // where the norm's result is, or comes again
    bool givesCodes = false;   // it comes again in codes of 8 bits
  };
  [[nodiscard]] Result<void> backwardNorm(const NormGradient& norm);
  // Of y = x w^T over N rows: dx = dy w; then dw += dy^T x, which tells the bucket's hook. Over
  // frozen weights the adapters' gradients in place of w's.
  [[nodiscard]] Result<void> dataGradient(void* dx, const void* dy, ParameterKind kind,
                                          int64_t index, int64_t N);
  [[nodiscard]] Result<void> weightGradient(const void* dy, const void* x, ParameterKind kind,
                                            int64_t index, int64_t N);
  [[nodiscard]] Result<void> backwardBias(const void* dy, ParameterKind kind, int64_t index);
  [[nodiscard]] Result<void> complete(int parameter);
  [[nodiscard]] const void* deltaGradient() const;
};

}  // namespace z2
