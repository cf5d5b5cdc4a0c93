#include "core/generate/bench_generate.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "core/base/progress.h"
#include "core/generate/generator.h"
#include "core/model/operations.h"

namespace z2 {

namespace {

using Clock = std::chrono::steady_clock;

double secondsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// Bytes a second of a copy on the device, read and written.
Result<double> copySpeed(const Z2Ops& ops) {
  constexpr int64_t kBytes = int64_t{256} << 20;  // more than any cache holds
  constexpr int kCopies = 4, kRounds = 3;
  Z2_TRY(const DeviceMemory from, DeviceMemory::allocate(ops, kBytes));
  Z2_TRY(const DeviceMemory to, DeviceMemory::allocate(ops, kBytes));
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    Z2_TRY_VOID(checkStatus(ops, ops.synchronize(ops.context), "waiting"));
    const auto start = Clock::now();
    for (int i = 0; i < kCopies; ++i)
      Z2_TRY_VOID(
          checkStatus(ops, ops.copyOnDevice(ops.context, to.at(0), from.at(0), kBytes), "copying"));
    Z2_TRY_VOID(checkStatus(ops, ops.synchronize(ops.context), "copying"));
    best = std::max(best, 2.0 * kBytes * kCopies / secondsBetween(start, Clock::now()));
  }
  return best;
}

struct Round {
  double promptSeconds = 0;  // until every row has its first token
  double stepSeconds = 0;    // from then to the last token
};

// All rows answer at once, each a prompt of its own.
Result<Round> answer(Generator& generator, const BenchGenerateOptions& options, int64_t vocabSize,
                     uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int32_t> token(0, static_cast<int32_t>(vocabSize) - 1);
  int64_t begun = 0;
  Result<void> outcome;
  Clock::time_point first;
  const auto start = Clock::now();
  for (int64_t row = 0; row < options.rows; ++row) {
    GenerateRequest request{
        .prompt = {}, .maxNewTokens = options.tokens, .stopIds = {}, .sampling = options.sampling};
    for (int64_t i = 0; i < options.prompt; ++i) request.prompt.push_back(token(random));
    Z2_TRY(const int64_t number, generator.add(
                                     std::move(request),
                                     [&, isNew = true](const GeneratedToken&) mutable {
                                       if (isNew && ++begun == options.rows) first = Clock::now();
                                       isNew = false;
                                       return !stopRequested();
                                     },
                                     [&](const Result<FinishReason>& end) {
                                       if (!end) outcome = tl::unexpected(end.error());
                                     }));
    static_cast<void>(number);
  }
  while (!generator.isIdle()) Z2_TRY_VOID(generator.step());
  const auto end = Clock::now();
  if (stopRequested()) return interrupted("the measurement was stopped");
  Z2_TRY_VOID(outcome);
  return Round{secondsBetween(start, first), secondsBetween(first, end)};
}

}  // namespace

Result<Json> benchGenerate(const Z2Ops& ops, const BenchGenerateOptions& options) {
  if (options.tokens < 2)
    return usageError("an answer of one token has no step to be measured; ask for more");
  Z2_TRY(LlamaConfig config, LlamaConfig::preset(options.model));
  const int64_t capacity = options.prompt + options.tokens;
  config.maxPositionEmbeddings = std::max(config.maxPositionEmbeddings, capacity);
  Z2_TRY(const double copying, copySpeed(ops));
  Z2_TRY(Llama model,
         Llama::create(config, {.type = options.type, .isTrained = false, .hasOptimizer = false},
                       ops));
  Z2_TRY_VOID(model.initialise(1));
  Z2_TRY(Generator generator, Generator::create(model, capacity, options.rows));
  std::vector<double> prompts, steps;
  for (int64_t round = 0; round <= options.rounds; ++round) {
    Z2_TRY(const Round its,
           answer(generator, options, config.vocabSize, static_cast<uint32_t>(round)));
    if (round == 0) continue;
    prompts.push_back(its.promptSeconds);
    steps.push_back(its.stepSeconds / static_cast<double>(options.tokens - 1));
  }
  std::sort(prompts.begin(), prompts.end());
  std::sort(steps.begin(), steps.end());
  const auto rows = static_cast<double>(options.rows);
  const double step = steps[steps.size() / 2];
  const double bytes = static_cast<double>(config.matmulParameterCount()) *
                       static_cast<double>(sizeOf(options.type));
  return Json{
      {"model", options.model},
      {"dtype", nameOf(options.type)},
      {"rows", options.rows},
      {"prompt", options.prompt},
      {"tokens", options.tokens},
      {"tok_s", rows / step},
      {"tok_s_min", rows / steps.back()},
      {"tok_s_max", rows / steps.front()},
      {"ms_token", 1e3 * step},
      {"prompt_tok_s", rows * static_cast<double>(options.prompt) / prompts[prompts.size() / 2]},
      {"weights_gb", 1e-9 * bytes},
      {"copy_gb_s", 1e-9 * copying},
      {"bandwidth_share", bytes / copying / step}};
}

}  // namespace z2
