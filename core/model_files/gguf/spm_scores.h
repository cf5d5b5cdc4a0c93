#pragma once

// sentencepiece's scores for a BPE model that lists merges, as Llama 2's tokenizer.json does.

#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/bpe_model.h"

namespace z2 {

// sentencepiece merges the neighbours whose concatenation is the token of the highest score,
// whether or not a merge names them. So the two agree when the merges are all splits of their
// results into two tokens, result after result; then a result's score is minus its rank. kBadInput
// otherwise.
[[nodiscard]] Result<std::vector<float>> spmScores(const BpeModel& model);

}  // namespace z2
