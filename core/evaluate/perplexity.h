#pragma once

// Perplexity of a model on a token file.

#include <cstdint>
#include <functional>

#include "core/base/error.h"
#include "core/data/token_file.h"
#include "core/generate/score_client.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct Perplexity {
  int64_t tokens = 0;  // that were predicted
  double loss = 0;     // mean natural logarithm of their improbability
  double perplexity = 0;
  double bitsPerByte = 0;  // of the text; comparable between tokenizers. 0: no tokenizer was given
};

struct PerplexityOptions {
  int64_t window = 0;       // tokens that a prediction may look back on, at most
  int64_t limitTokens = 0;  // of the file, from its beginning; 0: all
};

// The file's tokens lie end to end, as in training, and are cut into pieces of window + 1, each
// beginning with the last token of the one before: every token but the first is predicted once.
// `client` has columns for window + 1 tokens. `onTokens` is told how many were done. `tokenizer`
// may be null.
[[nodiscard]] Result<Perplexity> measurePerplexity(ScoreClient& client, const TokenFile& file,
                                                   const Tokenizer* tokenizer,
                                                   const PerplexityOptions& options,
                                                   const std::function<void(uint64_t)>& onTokens);

}  // namespace z2
