#include "core/evaluate/multiple_choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include "core/text/utf8.h"

namespace z2 {

namespace {

size_t countCharacters(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += decodeUtf8(text, at).length) ++count;
  return std::max<size_t>(count, 1);
}

// Context and continuation are encoded as one text, so that the model reads them as it would; a
// space at the context's end belongs to what follows it.
Result<ScoredRow> rowOf(std::string context, std::string continuation, const Tokenizer& tokenizer,
                        bool addsBos, EncodeScratch& scratch) {
  const size_t end = context.find_last_not_of(' ') + 1;
  continuation.insert(0, context, end);
  context.resize(end);
  std::vector<int32_t> before;
  ScoredRow row;
  Z2_TRY_VOID(tokenizer.encode(context, {.addBos = addsBos}, scratch, before));
  Z2_TRY_VOID(tokenizer.encode(context + continuation, {.addBos = addsBos}, scratch, row.tokens));
  if (before.empty() && tokenizer.endOfTextId()) {
    // The beginning of a document.
    before.push_back(*tokenizer.endOfTextId());
    row.tokens.insert(row.tokens.begin(), *tokenizer.endOfTextId());
  }
  if (row.tokens.size() < 2)
    return badInput("question", "context and choice \"" + continuation + "\" are a single token");
  row.from = std::clamp<int64_t>(std::ssize(before), 1, std::ssize(row.tokens) - 1);
  return row;
}

void cutBeginning(ScoredRow& row, int64_t window) {
  const int64_t excess = std::ssize(row.tokens) - window;
  if (excess <= 0) return;
  row.tokens.erase(row.tokens.begin(), row.tokens.begin() + excess);
  row.from = std::max<int64_t>(row.from - excess, 1);
}

std::vector<std::string> examplesFor(const ChoiceQuestion& question, const ChoiceOptions& options) {
  std::vector<std::string> texts;
  for (const ChoiceQuestion& example : options.examples) {
    if (std::ssize(texts) == options.shots) break;
    if (example != question) texts.push_back(makeChoiceExample(example, options.format));
  }
  return texts;
}

// The rows of one question behind those examples.
Result<std::vector<ScoredRow>> rowsBehind(std::span<const std::string> examples,
                                          const ChoicePrompt& prompt, const ChoiceOptions& options,
                                          const Tokenizer& tokenizer, EncodeScratch& scratch) {
  std::string context;
  for (const std::string& example : examples) context += example;
  context += prompt.context;
  std::vector<ScoredRow> rows;
  for (const std::string& continuation : prompt.continuations) {
    Z2_TRY(ScoredRow row, rowOf(context, continuation, tokenizer, options.addsBos, scratch));
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<double>> scoreAll(ScoreClient& client, const std::vector<ScoredRow>& rows,
                                     const std::function<void(uint64_t)>& onRows) {
  // Rows of like length together: little is filled up.
  std::vector<size_t> order(rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](size_t i) { return rows[i].tokens.size(); });
  std::vector<double> sums(rows.size());
  const auto step = static_cast<size_t>(client.rows());
  for (size_t at = 0; at < order.size(); at += step) {
    const size_t count = std::min(step, order.size() - at);
    std::vector<ScoredRow> batch;
    for (size_t i = 0; i < count; ++i) batch.push_back(rows[order[at + i]]);
    Z2_TRY(const std::vector<double> scores, client.score(batch));
    for (size_t i = 0; i < count; ++i) sums[order[at + i]] = scores[i];
    onRows(at + count);
  }
  return sums;
}

}  // namespace

Result<ChoiceRows> choiceRows(const std::vector<ChoiceQuestion>& questions,
                              const ChoiceOptions& options, const Tokenizer& tokenizer) {
  EncodeScratch scratch;
  ChoiceRows made;
  const auto fits = [&](const ScoredRow& row) { return std::ssize(row.tokens) <= options.window; };
  for (const ChoiceQuestion& question : questions) {
    const ChoicePrompt prompt = makeChoicePrompt(question, options.format);
    const std::vector<std::string> examples = examplesFor(question, options);
    std::vector<ScoredRow> rows;
    size_t left = 0;  // examples left out
    while (true) {
      Z2_TRY(rows,
             rowsBehind(std::span(examples).subspan(left), prompt, options, tokenizer, scratch));
      if (left == examples.size() || std::ranges::all_of(rows, fits)) break;
      ++left;
    }
    made.shortened += left > 0 ? 1 : 0;
    for (ScoredRow& row : rows) {
      cutBeginning(row, options.window);
      made.rows.push_back(std::move(row));
    }
  }
  return made;
}

Result<ChoiceScore> measureChoices(ScoreClient& client,
                                   const std::vector<ChoiceQuestion>& questions,
                                   const std::vector<ScoredRow>& rows, ChoiceFormat format,
                                   const std::function<void(uint64_t)>& onRows) {
  Z2_TRY(const std::vector<double> sums, scoreAll(client, rows, onRows));
  int64_t right = 0;
  int64_t rightNormalised = 0;
  size_t at = 0;
  for (const ChoiceQuestion& question : questions) {
    const auto begin = sums.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<double> plain(begin,
                                    begin + static_cast<std::ptrdiff_t>(question.choices.size()));
    std::vector<double> normalised = plain;
    for (size_t i = 0; i < normalised.size() && format == ChoiceFormat::kText; ++i)
      normalised[i] /= static_cast<double>(countCharacters(question.choices[i]));
    const auto best = [](const std::vector<double>& scores) {
      return static_cast<size_t>(std::ranges::max_element(scores) - scores.begin());
    };
    right += best(plain) == question.answer;
    rightNormalised += best(normalised) == question.answer;
    at += question.choices.size();
  }
  ChoiceScore score;
  score.questions = std::ssize(questions);
  const auto count = static_cast<double>(std::max<int64_t>(score.questions, 1));
  score.accuracy = static_cast<double>(right) / count;
  score.accuracyNormalised = static_cast<double>(rightNormalised) / count;
  score.standardError = std::sqrt(score.accuracy * (1 - score.accuracy) / count);
  return score;
}

}  // namespace z2
