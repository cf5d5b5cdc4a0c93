#pragma once

// Batches for preference optimisation (DPO, Rafailov et al. 2023): chosen and rejected of a pair go
// through the model in one pass, packed side by side as the samples of supervised fine-tuning are.
//
// A sample is a group of two rows, which holds whole pairs: prompt + chosen and prompt + rejected
// are two sequences, in the same row or in one each. Every sequence has positions from 0 and
// attends to itself alone. Targets are -1 on the prompt and on what the completion does not train
// (PREFIX.mask).

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/data/batch_sampler.h"
#include "core/data/packing.h"

namespace z2 {

struct PreferenceBatch {
  Batch batch;  // [2 groups, columns]; documentStart is always filled
  // Which sequence each column belongs to: 2k is the chosen one of pair k, 2k + 1 the rejected one,
  // -1 nothing. [2 groups, columns]. The log probability of a completion is the sum over the
  // columns of its sequence whose target is not -1.
  std::vector<int32_t> sequence;
  // Of pair k: its number in [0, DpoSampler::pairs()), which stays the same in all epochs. A key
  // for what is computed once, such as the reference's log probabilities.
  std::vector<uint64_t> pairs;
  std::vector<int32_t> completionTokens;  // [2 × pairs]: targets that are not -1
};

struct DpoSamplerOptions {
  // What is kept of a sequence of more than sequenceLength + 1 tokens.
  enum class Truncation { kKeepStart, kKeepEnd };

  std::string data;  // as for supervised fine-tuning
  int64_t sequenceLength = 0;
  int64_t vocabSize = 0;
  uint64_t seed = 0;
  bool shuffle = true;
  bool isPacked = true;  // false: one pair a group, each sequence in a row of its own
  Truncation truncation = Truncation::kKeepStart;
};

// The cursor is the number of groups drawn. Pairs of which one completion has no trained token are
// never drawn. Thread-compatible.
class DpoSampler {
 public:
  [[nodiscard]] static Result<DpoSampler> open(const DpoSamplerOptions& options);
  DpoSampler(DpoSampler&&) noexcept;
  DpoSampler& operator=(DpoSampler&&) noexcept;
  ~DpoSampler();

  // Groups index … index + groups - 1 of an endless sequence. `out` keeps its memory.
  [[nodiscard]] Result<void> read(uint64_t index, int64_t groups, PreferenceBatch& out);

  [[nodiscard]] uint64_t groupsPerEpoch() const;
  // Of all sets, those that are never drawn too.
  [[nodiscard]] uint64_t pairs() const;
  // Identity of data and order, kept in checkpoints.
  [[nodiscard]] std::string fingerprint() const;
  // Identity of the pairs and how they are cut, whatever their order: what a cache of the
  // reference's log probabilities is filed under, with the identity of the model.
  [[nodiscard]] std::string dataFingerprint() const;
  [[nodiscard]] PackingReport packing() const;

 private:
  struct Impl;
  explicit DpoSampler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
