#pragma once

// Generation with a trained model: a key/value cache, prefill, and one position after the other.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/model/llama.h"

namespace z2 {

// Reads the weights of a Llama, which must outlive it and not change meanwhile. One thread at a
// time. Rows are independent and may have different lengths.
class LlamaInference {
 public:
  struct Options {
    int64_t rows = 1;            // B: sequences at once
    int64_t capacity = 0;        // positions a row can hold, prompt and answer together
    int64_t prefillChunk = 256;  // positions computed at once while reading a prompt
  };
  [[nodiscard]] static Result<LlamaInference> create(const Llama& model, const Options& options);
  LlamaInference(LlamaInference&&) noexcept;
  LlamaInference& operator=(LlamaInference&&) noexcept;
  ~LlamaInference();

  // Appends `tokens` (not empty) to one row's sequence; returns the logits that follow its last
  // token, fp32 [V] on the host. Refuses to go beyond the capacity.
  [[nodiscard]] Result<std::vector<float>> prefill(int64_t row, std::span<const int32_t> tokens);
  // Appends tokens[b] to row b for the first tokens.size() rows at once; returns [rows, V]. A
  // negative token: the row rests, its logits are undefined.
  [[nodiscard]] Result<std::vector<float>> decode(std::span<const int32_t> tokens);
  // Appends tokens[b] to row b and goes on with the most likely token: returns [steps, rows], the
  // tokens that follow, of which all but the last are appended too; -1 where no logit is a number.
  // A negative token: the row rests; then steps is 1. steps is at most stepsAhead().
  [[nodiscard]] Result<std::vector<int32_t>> decodeGreedy(std::span<const int32_t> tokens,
                                                          int64_t steps);
  // More than 1 where the device works ahead of the host, which reads the tokens together.
  [[nodiscard]] int64_t stepsAhead() const;
  // Shortens a row to its first `length` positions (0: a new conversation).
  void truncate(int64_t row, int64_t length);
  [[nodiscard]] int64_t length(int64_t row) const;
  [[nodiscard]] int64_t capacity() const;

 private:
  struct Impl;
  explicit LlamaInference(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
