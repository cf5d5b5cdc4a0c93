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
#include <span>
#include <vector>

#include "core/base/dtype.h"
#include "core/base/error.h"
#include "core/data/batch_sampler.h"
#include "core/model/flat_buffers.h"
#include "core/model/llama_config.h"
#include "core/model/memory_plan.h"
#include "core/model/parameters.h"
#include "kernels/ops.h"

namespace z2 {

struct LlamaOptions {
  int64_t rows = 1;                  // B: the largest micro-batch
  int64_t columns = 1;               // T: the longest sequence
  DType type = DType::kF32;          // of the computation; masters are always fp32
  bool isTrained = true;             // gradients and the buffers of backward
  bool hasOptimizer = true;          // m and v
  int64_t bucketBytes = 32'000'000;  // dist.bucket_mb
  int64_t headRows = 0;              // rows of a chunk of logits; 0: chosen
  bool recomputesNorms = true;       // what norms give comes again in backward and is not kept
  bool recordsPasses = false;        // as CUDA graphs, where the device can
  uint64_t dropoutSeed = 0;          // differs from rank to rank
};

// What one micro-batch is within its optimizer step.
struct MicroStep {
  // 1 / valid tokens of the whole optimizer step on all ranks (times the loss scale of fp16), so
  // that n micro-batches give the gradient of one n times as large.
  float gradScale = 1.0f;
  // Micro-batches since the run began: tells dropout masks apart, and a resumed run draws the
  // masks of an uninterrupted one.
  uint64_t number = 0;
};

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
  [[nodiscard]] const Z2Ops& ops() const;

  // Matrices normal with `initializerRange`, those that write to the residual stream (o, down)
  // divided by sqrt(2 layers); norms 1, biases 0. The values depend on the seed and the tensors'
  // Hugging Face names alone.
  [[nodiscard]] Result<void> initialise(uint64_t seed);
  // Host fp32 values of a tensor of layout().hfTensors(); values.size() == tensor.size. Writing
  // sets the master and the computation's copy.
  [[nodiscard]] Result<void> writeTensor(const HfTensor& tensor, std::span<const float> values);
  [[nodiscard]] Result<void> readTensor(const HfTensor& tensor, std::span<float> values) const;
  [[nodiscard]] Result<void> readGradient(const HfTensor& tensor, std::span<float> values) const;
  // The computation's copy of all weights from the masters, after a write to buffers().master.
  [[nodiscard]] Result<void> refreshWeights();

  [[nodiscard]] Result<void> zeroGradients();
  // Adds the gradient of gradScale × (sum of the valid tokens' losses) to the flat gradients. The
  // batch has at most options().rows × options().columns tokens, ids inside the vocabulary.
  [[nodiscard]] Result<void> forwardBackward(const Batch& batch, const MicroStep& step);
  // The sum of the valid tokens' losses of all forwardBackward calls since the last takeLossSum.
  // Waits for the device.
  [[nodiscard]] Result<double> takeLossSum();
  // Called inside forwardBackward, in the order of the buckets, when a bucket's gradients of this
  // micro-batch are complete. Null: nobody is told.
  using BucketHook = std::function<Result<void>(int bucket)>;
  void setBucketHook(BucketHook hook);

  // Without dropout and gradients: the sum of the valid tokens' losses. Waits for the device.
  [[nodiscard]] Result<double> evaluate(const Batch& batch);
  // Without dropout: log probability of each target, 0 where it is ignored, [rows, columns].
  [[nodiscard]] Result<std::vector<float>> targetLogProbs(const Batch& batch);
  // Logits of one position [V] of the batch that the last call was evaluate or targetLogProbs of.
  [[nodiscard]] Result<std::vector<float>> logitsAt(int64_t row, int64_t column);

 private:
  struct Impl;
  explicit Llama(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
