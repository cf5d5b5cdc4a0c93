#pragma once

// The samples of a token file for fine-tuning or alignment, as a run with a sequence length draws
// them.

#include <filesystem>
#include <memory>

#include "core/data/conversations/sample_preview.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct TokenFileSamplesOptions {
  uint64_t sequenceLength = 0;  // data.seq_len; 0: nothing is cut
  bool keepsEnd = false;        // of pairs: dpo.truncation
};

// Of PREFIX, with its mask; kBadInput where it has none, or is of another task. Without a tokenizer
// (null) tokens are ids alone.
[[nodiscard]] Result<std::shared_ptr<const SampleSet>> openTokenFileSamples(
    const std::filesystem::path& prefix, std::shared_ptr<const Tokenizer> tokenizer,
    const TokenFileSamplesOptions& options);

}  // namespace z2
