#pragma once

// Log probabilities of given tokens, by the engine; the protocol stands in
// app/trainer/score_command.h.

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/generate/engine_process.h"

namespace z2 {

// Tokens of which those from `from` on (at least 1) are scored, each given all before it.
struct ScoredRow {
  std::vector<int32_t> tokens;
  int64_t from = 1;
};

// One thread at a time.
class ScoreClient {
 public:
  // Loads the model; returns when it is ready. A row has at most `columns` tokens.
  [[nodiscard]] static Result<ScoreClient> start(const EngineOptions& options, int64_t rows,
                                                 int64_t columns);

  // Sums of natural logarithms, one for each row. At most rows() rows, each of 2 tokens or more.
  // kInterrupted when the user asked to stop.
  [[nodiscard]] Result<std::vector<double>> score(const std::vector<ScoredRow>& rows);

  [[nodiscard]] int64_t rows() const { return rows_; }

 private:
  ScoreClient(EngineProcess process, int64_t rows) : process_(std::move(process)), rows_(rows) {}

  EngineProcess process_;
  int64_t rows_;
};

}  // namespace z2
