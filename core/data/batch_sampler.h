#pragma once

// What the engine eats: batches of token ids, drawn from memory-mapped token files (*.bin/*.idx) by
// a sample index with the semantics of Megatron's GPTDataset: documents shuffled per epoch, laid
// end to end, cut into pieces of seq_len + 1 tokens (the last one of a piece is the first of the
// next, so each token is an input once), the pieces shuffled. The rest at an epoch's end is a
// shorter piece, filled up with id 0 and targets -1: no token is lost, and data shorter than one
// sequence can be used.
//
// The order comes from permutations of a counter (core/data/permutation.h) keyed by seed, set and
// epoch. Several sets are interleaved by weight (core/data/data_mixture.h), each going through
// epochs of its own.
//
// Design goals: any batch of any epoch can be found from a small cursor without reading the ones
// before it; the order depends on the seed and the data alone, not on batch size, ranks or threads;
// nothing of the size of the corpus is held in memory.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

// One micro-batch on the host. rows × columns, row-major.
struct Batch {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<int32_t> tokens;     // [rows, columns]
  std::vector<int32_t> targets;    // [rows, columns]; -1: not counted in the loss
  std::vector<int32_t> positions;  // [rows, columns]; restart at documents when packing says so
  std::vector<int32_t>
      documentStart;        // [rows, columns], column where its document began (0 for one
                            // that began in an earlier piece); empty without documentMask
  int64_t validTokens = 0;  // targets that are not -1
};

struct SamplerOptions {
  std::string data;  // PREFIX, or "0.7:PREFIX,0.3:PREFIX"; "A,B" mixes by the sets' sizes
  int64_t sequenceLength = 0;
  int64_t vocabSize = 0;  // ids outside are refused with file and document
  uint64_t seed = 0;
  bool shuffle = true;  // evaluation: false, in file order
  // data.packing: fill documentStart, restart positions, and count no target that is the first
  // token of another document.
  bool documentMask = false;
};

// Batches of samples 0, 1, 2, … of an endless sequence; `index` is the whole cursor, so a run
// resumes by one number (DESIGN: "one small resumable state"). Thread-compatible.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  // Samples index … index + rows - 1. The sequence is endless: epochs follow one another. `out`
  // keeps its memory from call to call; after an error its content is unspecified.
  [[nodiscard]] virtual Result<void> read(uint64_t index, int64_t rows, Batch& out) = 0;

  // Of all sets together. In a mixture with weights the sets end their epochs at different times.
  [[nodiscard]] virtual uint64_t samplesPerEpoch() const = 0;
  [[nodiscard]] virtual uint64_t tokensPerEpoch() const = 0;
  // Identity of data and order (indexes, token files, weights, seed, length; not the path), as 32
  // hexadecimal digits. Kept in checkpoints, so that a resume on other data is noticed.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
};

class BatchSampler final : public BatchSource {
 public:
  [[nodiscard]] static Result<BatchSampler> open(const SamplerOptions& options);
  BatchSampler(BatchSampler&&) noexcept;
  BatchSampler& operator=(BatchSampler&&) noexcept;
  ~BatchSampler() override;

  [[nodiscard]] Result<void> read(uint64_t index, int64_t rows, Batch& out) override;
  [[nodiscard]] uint64_t samplesPerEpoch() const override;
  [[nodiscard]] uint64_t tokensPerEpoch() const override;
  [[nodiscard]] std::string fingerprint() const override;

 private:
  struct Impl;
  explicit BatchSampler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
