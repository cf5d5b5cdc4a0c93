#pragma once

// Batches for supervised fine-tuning: whole samples side by side in a row, packed best-fit-
// decreasing (core/data/packing.h), each with positions from 0 and attention to itself alone, so
// that the loss is that of the samples one by one. A target is -1, which no loss counts, wherever
// PREFIX.mask is 0.

#include <cstdint>
#include <memory>
#include <string>

#include "core/data/batch_sampler.h"
#include "core/data/packing.h"

namespace z2 {

struct SftSamplerOptions {
  std::string data;            // PREFIX, or "0.7:PREFIX,0.3:PREFIX"; "A,B" mixes by their rows
  int64_t sequenceLength = 0;  // columns; of a sample the first sequenceLength + 1 tokens are seen
  int64_t vocabSize = 0;       // ids outside are refused with file and document
  uint64_t seed = 0;
  bool shuffle = true;   // evaluation: false
  bool isPacked = true;  // false: one sample a row, filled up
};

// A batch source whose sample is a row. Samples without a trained token are never drawn.
class SftSampler final : public BatchSource {
 public:
  [[nodiscard]] static Result<SftSampler> open(const SftSamplerOptions& options);
  SftSampler(SftSampler&&) noexcept;
  SftSampler& operator=(SftSampler&&) noexcept;
  ~SftSampler() override;

  // `out.documentStart` is always filled.
  [[nodiscard]] Result<void> read(uint64_t index, int64_t rows, Batch& out) override;
  [[nodiscard]] uint64_t samplesPerEpoch() const override;
  // Columns in use.
  [[nodiscard]] uint64_t tokensPerEpoch() const override;
  [[nodiscard]] std::string fingerprint() const override;
  // Of an epoch of all sets.
  [[nodiscard]] PackingReport packing() const;

 private:
  struct Impl;
  explicit SftSampler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
