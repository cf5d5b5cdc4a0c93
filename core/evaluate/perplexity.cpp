#include "core/evaluate/perplexity.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"

namespace z2 {

namespace {

// The bytes that the tokens from `from` on stand for.
uint64_t countBytes(const Tokenizer& tokenizer, const ScoredRow& row) {
  uint64_t bytes = 0;
  for (auto i = static_cast<size_t>(row.from); i < row.tokens.size(); ++i)
    if (!tokenizer.isSpecial(row.tokens[i])) bytes += tokenizer.tokenBytes(row.tokens[i]).size();
  return bytes;
}

}  // namespace

Result<Perplexity> measurePerplexity(ScoreClient& client, const TokenFile& file,
                                     const Tokenizer* tokenizer, const PerplexityOptions& options,
                                     const std::function<void(uint64_t)>& onTokens) {
  Z2_CHECK(options.window > 0);
  uint64_t total = file.index().tokens();
  if (options.limitTokens > 0) total = std::min(total, static_cast<uint64_t>(options.limitTokens));
  if (total < 2)
    return badInput(file.prefix().native(), fmt::format("it has {} tokens", total),
                    "Perplexity needs at least two");
  const auto window = static_cast<uint64_t>(options.window);
  double sum = 0;
  uint64_t bytes = 0;
  Perplexity result;
  for (uint64_t at = 0; at + 1 < total;) {
    std::vector<ScoredRow> rows;
    while (at + 1 < total && std::ssize(rows) < client.rows()) {
      ScoredRow& row = rows.emplace_back();
      row.tokens.resize(std::min(window + 1, total - at));
      file.read(at, row.tokens);
      at += row.tokens.size() - 1;
      result.tokens += std::ssize(row.tokens) - 1;
      if (tokenizer != nullptr) bytes += countBytes(*tokenizer, row);
    }
    Z2_TRY(const std::vector<double> sums, client.score(rows));
    for (const double logProb : sums) sum -= logProb;
    onTokens(static_cast<uint64_t>(result.tokens));
  }
  if (!std::isfinite(sum))
    return corrupt("model", "the loss is not a number", "The model's weights are damaged");
  result.loss = sum / static_cast<double>(result.tokens);
  result.perplexity = std::exp(result.loss);
  if (bytes > 0) result.bitsPerByte = sum / std::numbers::ln2 / static_cast<double>(bytes);
  return result;
}

}  // namespace z2
