#pragma once

// Accuracy on multiple-choice questions: the choice that the model finds most likely after the
// question is its answer (as EleutherAI's lm-evaluation-harness does it).

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/error.h"
#include "core/evaluate/choice_question.h"
#include "core/generate/score_client.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct ChoiceScore {
  int64_t questions = 0;
  double accuracy = 0;            // by the log probability of the whole choice
  double accuracyNormalised = 0;  // by log probability / characters of the choice
  double standardError = 0;       // of accuracy
};

// The rows to be scored: for each question its choices, one after the other. A row longer than
// `window` loses tokens at its beginning.
[[nodiscard]] Result<std::vector<ScoredRow>> choiceRows(
    const std::vector<ChoiceQuestion>& questions, ChoiceFormat format, const Tokenizer& tokenizer,
    bool addsBos, int64_t window);

// `rows` come from choiceRows; `client` has columns for the longest. `onRows` is told how many were
// done.
[[nodiscard]] Result<ChoiceScore> measureChoices(ScoreClient& client,
                                                 const std::vector<ChoiceQuestion>& questions,
                                                 const std::vector<ScoredRow>& rows,
                                                 ChoiceFormat format,
                                                 const std::function<void(uint64_t)>& onRows);

}  // namespace z2
