#include "app/trainer/score_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/trainer/model_loading.h"
#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/io/json.h"

namespace z2 {

namespace {

constexpr int32_t kIgnored = -1;

struct ScoreArguments : ModelChoice {
  int64_t rows = 1;
  int64_t columns = 0;
};

struct ScoreRequest {
  std::vector<std::vector<int32_t>> rows;
  std::vector<int64_t> from;
};

// The one place where a request's JSON is taken apart.
Result<ScoreRequest> parseRequest(const std::string& line) {
  Z2_TRY(const Json json, parseJson(line, "request"));
  try {
    return ScoreRequest{json.at("rows").get<std::vector<std::vector<int32_t>>>(),
                        json.at("from").get<std::vector<int64_t>>()};
  } catch (const std::exception& failure) {
    return badInput("request", failure.what());
  }
}

Result<void> check(const ScoreRequest& request, const Llama& model) {
  const LlamaOptions& options = model.options();
  if (request.rows.empty() || request.rows.size() != request.from.size() ||
      std::ssize(request.rows) > options.rows)
    return badInput("request", fmt::format("1 to {} rows, each with its \"from\"", options.rows));
  for (size_t i = 0; i < request.rows.size(); ++i) {
    const std::vector<int32_t>& row = request.rows[i];
    if (row.size() < 2 || std::ssize(row) > options.columns + 1)
      return badInput(fmt::format("row {}", i), fmt::format("it has {} tokens, outside 2 .. {}",
                                                            row.size(), options.columns + 1));
    if (request.from[i] < 1 || request.from[i] >= std::ssize(row))
      return badInput(fmt::format("row {}", i), "\"from\" is outside of the row");
    for (const int32_t id : row)
      if (id < 0 || id >= model.config().vocabSize)
        return badInput(fmt::format("row {}", i),
                        fmt::format("token {} is outside of the model's vocabulary of {}", id,
                                    model.config().vocabSize),
                        "Use the tokenizer that the model was trained with");
  }
  return {};
}

// Rows filled up to the longest; only the scored tokens are targets. A row's last token predicts
// nothing.
Batch batchOf(const ScoreRequest& request) {
  const auto longest = std::ranges::max_element(request.rows, {}, &std::vector<int32_t>::size);
  Batch batch;
  batch.rows = std::ssize(request.rows);
  batch.columns = std::ssize(*longest) - 1;
  const auto columns = static_cast<size_t>(batch.columns);
  batch.tokens.assign(request.rows.size() * columns, 0);
  batch.targets.assign(batch.tokens.size(), kIgnored);
  for (size_t r = 0; r < request.rows.size(); ++r) {
    const std::vector<int32_t>& row = request.rows[r];
    std::copy(row.begin(), row.end() - 1,
              batch.tokens.begin() + static_cast<std::ptrdiff_t>(r * columns));
    for (auto i = static_cast<size_t>(request.from[r]); i < row.size(); ++i, ++batch.validTokens)
      batch.targets[r * columns + i - 1] = row[i];
  }
  return batch;
}

Result<Json> answer(Llama& model, const std::string& line) {
  Z2_TRY(const ScoreRequest request, parseRequest(line));
  Z2_TRY_VOID(check(request, model));
  const Batch batch = batchOf(request);
  Z2_TRY(const std::vector<float> logProbs, model.targetLogProbs(batch));
  std::vector<double> sums(request.rows.size(), 0.0);
  for (size_t i = 0; i < logProbs.size(); ++i)
    sums[i / static_cast<size_t>(batch.columns)] += static_cast<double>(logProbs[i]);
  return Json{{"logprobs", sums}};
}

Result<void> runScore(const ScoreArguments& arguments) {
  Z2_TRY(const DType type, parseComputeType(arguments.type));
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.model));
  Z2_TRY(const Device device, openDevice(arguments.device, arguments.threads));
  const LlamaOptions options{.rows = arguments.rows,
                             .columns = arguments.columns - 1,
                             .type = type,
                             .isTrained = false,
                             .hasOptimizer = false};
  Z2_TRY(Llama model, loadModel(source, options, device));
  const auto say = [](const Json& message) {
    std::puts(jsonLine(message).c_str());
    std::fflush(stdout);
  };
  say({{"ready", true}});
  LineReader input(STDIN_FILENO);
  std::string line;
  while (true) {
    const LineReader::Outcome outcome = input.next(line);
    if (stopRequested()) return interrupted("scoring was stopped");
    if (outcome == LineReader::Outcome::kEnd) return {};
    if (outcome == LineReader::Outcome::kSignal || line.empty()) continue;
    const Result<Json> reply = answer(model, line);
    say(reply ? *reply
              : Json{{"error", reply.error().text()}, {"status", exitStatus(reply.error().code)}});
  }
}

}  // namespace

void addScoreCommand(CLI::App& app, std::function<Result<void>()>& action) {
  CLI::App* command =
      app.add_subcommand("score", "Answer JSON requests for log probabilities on standard input");
  const auto arguments = std::make_shared<ScoreArguments>();
  addModelChoice(*command, *arguments);
  command->add_option("--rows", arguments->rows, "Rows at once")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_option("--columns", arguments->columns, "Tokens of a row, at most")
      ->check(CLI::Range(2, 1 << 24))
      ->required();
  command->callback(
      [arguments, &action] { action = [arguments] { return runScore(*arguments); }; });
}

}  // namespace z2
