#include "core/model_files/gguf/spm_scores.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/text/utf8.h"

namespace z2 {

namespace {

tl::unexpected<Error> refuse(std::string_view token) {
  return badInput("tokenizer",
                  "the merges of \"" + std::string(token) +
                      "\" are not those of a sentencepiece model, which is what llama.cpp reads",
                  "Export with --format hf");
}

// In how many ways a token is two tokens.
size_t countSplits(std::string_view token, const std::unordered_set<std::string_view>& vocabulary) {
  size_t count = 0;
  for (size_t cut = utf8Length(token[0]); cut < token.size(); cut += utf8Length(token[cut]))
    count += vocabulary.contains(token.substr(0, cut)) && vocabulary.contains(token.substr(cut));
  return count;
}

}  // namespace

Result<std::vector<float>> spmScores(const BpeModel& model) {
  std::vector<float> scores(model.tokens.size(), 0.0f);
  std::vector<size_t> merges(model.tokens.size(), 0);
  float rank = 0;
  int32_t last = -1;
  for (const BpeMerge& merge : model.merges) {
    const auto result = static_cast<size_t>(merge.result);
    if (merge.result != last) {
      if (merges[result] > 0) return refuse(*model.tokens[result]);
      scores[result] = -++rank;
    }
    last = merge.result;
    ++merges[result];
  }
  std::unordered_set<std::string_view> vocabulary;
  for (const std::optional<std::string>& token : model.tokens)
    if (token) vocabulary.insert(*token);
  for (size_t id = 0; id < model.tokens.size(); ++id)
    if (merges[id] > 0 && countSplits(*model.tokens[id], vocabulary) != merges[id])
      return refuse(*model.tokens[id]);
  // Single characters come last; they are never the result of a merge.
  for (size_t id = 0; id < model.tokens.size(); ++id)
    if (merges[id] == 0) scores[id] = -++rank;
  return scores;
}

}  // namespace z2
