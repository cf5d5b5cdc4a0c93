#include "core/generate/score_client.h"

#include <limits>
#include <optional>
#include <string>

#include "core/base/check.h"
#include "core/base/progress.h"

namespace z2 {

Result<ScoreClient> ScoreClient::start(const EngineOptions& options, int64_t rows,
                                       int64_t columns) {
  Z2_TRY(EngineProcess process, EngineProcess::start("score", options,
                                                     {"--rows", std::to_string(rows), "--columns",
                                                      std::to_string(columns)}));
  return ScoreClient(std::move(process), rows);
}

Result<std::vector<double>> ScoreClient::score(const std::vector<ScoredRow>& rows) {
  Z2_CHECK(std::ssize(rows) <= rows_, "more rows than the engine was started for");
  Json request = {{"rows", Json::array()}, {"from", Json::array()}};
  for (const ScoredRow& row : rows) {
    request["rows"].push_back(row.tokens);
    request["from"].push_back(row.from);
  }
  Z2_TRY_VOID(process_.send(request));
  while (true) {
    Z2_TRY(const std::optional<Json> message, process_.receive());
    if (stopRequested()) return interrupted("the evaluation was stopped");
    if (!message) continue;
    if (message->contains("error")) return tl::unexpected(errorOf(*message));
    std::vector<double> sums;
    for (const Json& sum : message->value("logprobs", Json::array()))
      sums.push_back(sum.is_number() ? sum.get<double>()
                                     : std::numeric_limits<double>::quiet_NaN());
    if (sums.size() != rows.size())
      return environmentError("z2all-train", "it does not speak as it should");
    return sums;
  }
}

}  // namespace z2
