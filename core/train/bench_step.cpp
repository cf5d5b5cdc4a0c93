#include "core/train/bench_step.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "core/base/progress.h"
#include "core/config/run_config.h"
#include "core/io/files.h"
#include "core/model/llama.h"
#include "core/optim/adamw_optimizer.h"
#include "core/train/device.h"
#include "core/train/mfu.h"
#include "core/train/profiled_ops.h"
#include "core/train/run_setup.h"

namespace z2 {

namespace {

bool isWatched(const BenchStepOptions& options) {
  return options.isProfiled || !options.timeline.empty();
}

Result<RunConfig> configure(const BenchStepOptions& options) {
  // The data is random tokens: the key only has to be there.
  std::vector<std::string> settings = {"data.train=random", "model.preset=" + options.model};
  const auto set = [&settings](const char* key, int64_t value) {
    if (value > 0) settings.push_back(fmt::format("{}={}", key, value));
  };
  set("train.micro_batch_size", options.microBatch);
  set("data.seq_len", options.sequence);
  set("model.max_position_embeddings", options.sequence);
  set("train.grad_accum_steps", options.accumulation);
  // Operations of a recording cannot be told apart.
  if (isWatched(options)) settings.emplace_back("train.cuda_graphs=false");
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  const bool isTuned = std::any_of(options.settings.begin(), options.settings.end(),
                                   [](const std::string& one) { return one.starts_with("lora."); });
  return RunConfig::make(isTuned ? Task::kSft : Task::kPretrain, Json::object(), settings);
}

Batch randomBatch(int64_t rows, int64_t columns, int64_t vocabSize, int64_t documentLength) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int32_t> token(0, static_cast<int32_t>(vocabSize) - 1);
  Batch batch;
  batch.rows = rows;
  batch.columns = columns;
  batch.validTokens = rows * columns;
  batch.tokens.resize(static_cast<size_t>(rows * columns));
  batch.targets.resize(batch.tokens.size());
  for (int32_t& id : batch.tokens) id = token(random);
  for (int32_t& id : batch.targets) id = token(random);
  if (documentLength <= 0) return batch;
  for (int64_t i = 0; i < rows * columns; ++i) {
    const int64_t column = i % columns, start = column / documentLength * documentLength;
    batch.documentStart.push_back(static_cast<int32_t>(start));
    batch.positions.push_back(static_cast<int32_t>(column - start));
  }
  return batch;
}

struct Measured {
  std::vector<double> seconds;          // of each step, ascending
  double loss = 0;                      // mean, of the last step
  std::map<std::string, double> spent;  // seconds in all, by operation
  std::vector<ProfiledOps::Span> last;  // of the last step
};

// One step as training does it: the loss and the norm are read at its end.
Result<double> runStep(Llama& model, AdamWOptimizer& optimizer, const Batch& batch,
                       int64_t microBatches, int64_t step) {
  const auto tokens = static_cast<double>(batch.validTokens * microBatches);
  for (int64_t i = 0; i < microBatches; ++i) {
    Z2_TRY_VOID(model.forwardBackward(
        batch, {.gradScale = static_cast<float>(1.0 / tokens),
                .number = static_cast<uint64_t>((step - 1) * microBatches + i),
                .hasSameWeights = i > 0}));
  }
  Z2_TRY_VOID(optimizer.step(step, 1e-4f));
  Z2_TRY(const double lossSum, model.takeLossSum());
  Z2_TRY_VOID(optimizer.gradientNorm());
  return lossSum / tokens;
}

Result<Measured> measure(Llama& model, AdamWOptimizer& optimizer, const Batch& batch,
                         int64_t microBatches, int64_t steps, ProfiledOps* profile) {
  Measured measured;
  for (int64_t step = 1; step <= steps + 1; ++step) {
    if (stopRequested()) return interrupted("the measurement was stopped");
    const auto start = std::chrono::steady_clock::now();
    Z2_TRY(measured.loss, runStep(model, optimizer, batch, microBatches, step));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    if (profile != nullptr) {
      Z2_TRY(measured.last, profile->take());
    }
    // The first one warms up caches, threads and libraries.
    if (step == 1) continue;
    measured.seconds.push_back(spent.count());
    double between = spent.count();
    for (const ProfiledOps::Span& span : measured.last) {
      measured.spent[span.name] += span.end - span.begin;
      between -= span.end - span.begin;
    }
    if (profile != nullptr) measured.spent["idle"] += between;
  }
  std::sort(measured.seconds.begin(), measured.seconds.end());
  return measured;
}

Json profileOf(const std::map<std::string, double>& spent, int64_t steps) {
  std::vector<std::pair<std::string, double>> rows(spent.begin(), spent.end());
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
  Json json = Json::object();
  for (const auto& [name, seconds] : rows) json[name] = seconds / static_cast<double>(steps);
  return json;
}

double gigabytes(int64_t bytes) { return static_cast<double>(bytes) / 1e9; }

}  // namespace

Result<Json> benchStep(const BenchStepOptions& options) {
  Z2_TRY(const RunConfig config, configure(options));
  Z2_TRY(Device device, openDevice(options.device, options.threads));
  std::unique_ptr<ProfiledOps> profile;
  const Z2Ops& plainOps = *device.ops;
  if (isWatched(options)) {
    profile = std::make_unique<ProfiledOps>(plainOps);
    device.ops = &profile->ops();
  }
  Z2_TRY(Llama model, makeModel(config, device, true));
  const auto seed = static_cast<uint64_t>(config.integer("train.seed"));
  Z2_TRY_VOID(model.initialise(seed));
  Z2_TRY_VOID(model.initialiseAdapters(seed));
  Z2_TRY(AdamWOptimizer optimizer,
         AdamWOptimizer::create(model.trained(), model.trainedDecayEnd(),
                                AdamWSettings::fromRunConfig(config), *device.ops));
  const int64_t rows = model.options().rows;
  const int64_t columns = model.options().columns;
  const int64_t microBatches = config.integer("train.grad_accum_steps");
  const Batch batch = randomBatch(rows, columns, model.config().vocabSize, options.documentLength);
  Z2_TRY(const Measured measured,
         measure(model, optimizer, batch, microBatches, options.steps, profile.get()));

  Z2_TRY(const double peak, peakTflops(plainOps, model.options().type));
  const auto tokens = static_cast<double>(rows * columns * microBatches);
  const double median = measured.seconds[measured.seconds.size() / 2];
  const Utilisation share = utilisation(model.config(), columns, tokens / median, peak,
                                        model.adapterLayout().parameterCount());
  const int64_t bytes =
      model.memory().totalBytes() + adamWScratchBytes(*device.ops, model.trained().size);
  Json result = {{"tok_s", tokens / median},
                 {"tok_s_min", tokens / measured.seconds.back()},
                 {"tok_s_max", tokens / measured.seconds.front()},
                 {"mfu", share.full},
                 {"mfu_causal", share.causal},
                 {"peak_tflops", peak},
                 {"mem_gb", gigabytes(bytes)},
                 {"device", device.name},
                 {"dtype", config.text("train.dtype")},
                 {"step_s", median},
                 {"tokens_per_step", rows * columns * microBatches},
                 {"parameters", model.config().parameterCount()},
                 {"loss", measured.loss}};
  // With what libraries and the driver take for themselves, and other programs.
  if (Z2DeviceInfo info = {};
      !device.isHost && plainOps.deviceInfo(plainOps.context, &info) == Z2_OK)
    result["device_used_gb"] = gigabytes(info.memoryBytes - info.freeBytes);
  if (options.isProfiled) result["profile"] = profileOf(measured.spent, options.steps);
  if (!options.timeline.empty()) Z2_TRY_VOID(replaceFile(options.timeline, traceOf(measured.last)));
  return result;
}

}  // namespace z2
