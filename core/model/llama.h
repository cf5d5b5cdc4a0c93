#pragma once

// A model with Llama-2's structure that computes its own forward and backward.
//
// Design goals: all memory is planned and taken at creation; layers run in a fixed order over
// preallocated buffers and the same calls give the same bits; gradients are added in fp32 straight
// into the flat buffer, bucket by bucket, and whoever reduces them is told when a bucket is
// complete; the device is reached through the table of operations alone.
// Non-goals: the training loop, the optimizer's step, files.
// One thread at a time. On a GPU calls return before the device has done the work; only functions
// that return numbers wait for it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/data/batch_sampler.h"
#include "core/model/adapters.h"
#include "core/model/flat_buffers.h"
#include "core/model/llama_config.h"
#include "core/model/lora_config.h"
#include "core/model/memory_plan.h"
#include "core/model/parameters.h"
#include "kernels/ops.h"

namespace z2 {

// What backward computes again in place of keeping it. The bits are the same.
enum class Recompute {
  kNone,
  kNorms,   // what norms give
  kBlocks,  // all of a layer but what goes into it
};

struct LlamaOptions {
  int64_t rows = 1;                  // B: the largest micro-batch
  int64_t columns = 1;               // T: the longest sequence
  DType type = DType::kF32;          // of the computation; masters are always fp32
  bool isTrained = true;             // gradients and the buffers of backward
  bool hasOptimizer = true;          // m and v
  int64_t bucketBytes = 32'000'000;  // dist.bucket_mb
  int64_t headRows = 0;              // rows of a chunk of logits; 0: chosen
  Recompute recompute = Recompute::kNorms;
  bool recordsPasses = false;  // as CUDA graphs, where the device can
  bool usesFp8 = false;        // for the projections of the layers; type then is of 16 bits
  uint64_t dropoutSeed = 0;    // differs from rank to rank
  LoraConfig lora = {};        // on: adapters alone are trained, the weights are frozen
};

// What one micro-batch is within its optimizer step.
struct MicroStep {
  // 1 / valid tokens of the whole optimizer step on all ranks (times the loss scale of fp16), so
  // that n micro-batches give the gradient of one n times as large.
  float gradScale = 1.0f;
  // Micro-batches since the run began: tells dropout masks apart, and a resumed run draws the
  // masks of an uninterrupted one.
  uint64_t number = 0;
  // The weights are those of the micro-batch before: what was made of them need not be made again.
  bool hasSameWeights = false;
};

// Makes of the targets' log probabilities what a loss of them needs (preference optimisation):
// `logProbs` has that of each target, 0 where it is ignored, [rows, columns]; `weights` comes in as
// zeros and takes minus the loss's derivative with respect to each. A weight of 1 everywhere is the
// gradient of the sum of the targets' losses.
using TargetWeigher =
    std::function<Result<void>(std::span<const float> logProbs, std::span<float> weights)>;

// What a model of that shape takes on a device. `ops` null: without the device's own workspaces,
// which then are estimated.
[[nodiscard]] Result<MemoryPlan> planMemory(const LlamaConfig& config, const LlamaOptions& options,
                                            const Z2Ops* ops);

class Llama {
 public:
  // `ops` must outlive it. Weights, gradients and moments are zero.
  [[nodiscard]] static Result<Llama> create(const LlamaConfig& config, const LlamaOptions& options,
                                            const Z2Ops& ops);
  Llama(Llama&&) noexcept;
  Llama& operator=(Llama&&) noexcept;
  ~Llama();

  [[nodiscard]] const LlamaConfig& config() const;
  [[nodiscard]] const LlamaOptions& options() const;
  [[nodiscard]] const ParameterLayout& layout() const;
  [[nodiscard]] const MemoryPlan& memory() const;
  [[nodiscard]] const FlatBuffers& buffers() const;
  [[nodiscard]] const AdapterLayout& adapterLayout() const;
  [[nodiscard]] const FlatBuffers& adapters() const;  // of size 0 without adapters
  // What an optimizer steps: the adapters where there are any, else the weights. Elements from
  // trainedDecayEnd() on do not decay.
  [[nodiscard]] const FlatBuffers& trained() const;
  [[nodiscard]] int64_t trainedDecayEnd() const;
  [[nodiscard]] const Z2Ops& ops() const;

  // Matrices normal with `initializerRange`, those that write to the residual stream (o, down)
  // divided by sqrt(2 layers); norms 1, biases 0. The values depend on the seed and the tensors'
  // Hugging Face names alone.
  [[nodiscard]] Result<void> initialise(uint64_t seed);
  // A uniform within 1 / sqrt(its input's width), B zero, as PEFT begins: the model is as without
  // them. The values depend on the seed and the tensors' names alone.
  [[nodiscard]] Result<void> initialiseAdapters(uint64_t seed);
  // Host fp32 values of a tensor of layout().hfTensors(); values.size() == tensor.size. Writing
  // sets the master and the computation's copy; of frozen weights there is only the latter.
  [[nodiscard]] Result<void> writeTensor(const HfTensor& tensor, std::span<const float> values);
  [[nodiscard]] Result<void> readTensor(const HfTensor& tensor, std::span<float> values) const;
  [[nodiscard]] Result<void> readGradient(const HfTensor& tensor, std::span<float> values) const;
  // Host fp32 values of a tensor of adapterLayout().tensors(); refreshWeights() comes after it.
  [[nodiscard]] Result<void> writeAdapter(const AdapterTensor& tensor,
                                          std::span<const float> values);
  // The computation's copies of weights and adapters from the masters, after a write to those.
  [[nodiscard]] Result<void> refreshWeights();

  [[nodiscard]] Result<void> zeroGradients();
  // Adds the gradient of gradScale × (sum of the valid tokens' losses) to the flat gradients. The
  // batch has at most options().rows × options().columns tokens, ids inside the vocabulary.
  [[nodiscard]] Result<void> forwardBackward(const Batch& batch, const MicroStep& step);
  // The same for a loss of the log probabilities: `weigh` is called once, between forward and
  // backward. The LM head is computed twice, so that no logits are kept. Nothing is added to
  // takeLossSum. Waits for the device.
  [[nodiscard]] Result<void> forwardBackward(const Batch& batch, const MicroStep& step,
                                             const TargetWeigher& weigh);
  // The sum of the valid tokens' losses of all forwardBackward calls since the last takeLossSum.
  // Waits for the device.
  [[nodiscard]] Result<double> takeLossSum();
  // Called inside forwardBackward, in the order of the buckets, when a bucket's gradients of this
  // micro-batch are complete. Null: nobody is told. Adapters have no buckets.
  using BucketHook = std::function<Result<void>(int bucket)>;
  void setBucketHook(BucketHook hook);

  // Without dropout and gradients: the sum of the valid tokens' losses. Waits for the device.
  [[nodiscard]] Result<double> evaluate(const Batch& batch);
  // Log probability of each target, 0 where it is ignored, [rows, columns]; without dropout, or
  // with that of the micro-batch of this number (MicroStep::number).
  [[nodiscard]] Result<std::vector<float>> targetLogProbs(const Batch& batch,
                                                          std::optional<uint64_t> dropout = {});
  // Logits of one position [V] of the batch that the last call was evaluate or targetLogProbs of.
  [[nodiscard]] Result<std::vector<float>> logitsAt(int64_t row, int64_t column);

 private:
  struct Impl;
  explicit Llama(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
