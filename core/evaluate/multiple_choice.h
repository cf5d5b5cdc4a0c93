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

// How questions are asked.
struct ChoiceOptions {
  ChoiceFormat format = ChoiceFormat::kText;
  bool addsBos = false;
  int64_t window = 0;  // tokens of a row, at most
  // Before each question stand the first `shots` examples that are not the question itself.
  std::vector<ChoiceQuestion> examples = {};
  int64_t shots = 0;
};

struct ChoiceRows {
  std::vector<ScoredRow> rows;  // for each question its choices, one after the other
  int64_t shortened = 0;        // questions before which not all examples had room
};

// Where the examples and a question's longest choice do not fit into the window, the first examples
// are left out; a question that is longer alone loses tokens at its beginning.
[[nodiscard]] Result<ChoiceRows> choiceRows(const std::vector<ChoiceQuestion>& questions,
                                            const ChoiceOptions& options,
                                            const Tokenizer& tokenizer);

// `rows` come from choiceRows; `client` has columns for the longest. `onRows` is told how many were
// done.
[[nodiscard]] Result<ChoiceScore> measureChoices(ScoreClient& client,
                                                 const std::vector<ChoiceQuestion>& questions,
                                                 const std::vector<ScoredRow>& rows,
                                                 ChoiceFormat format,
                                                 const std::function<void(uint64_t)>& onRows);

}  // namespace z2
