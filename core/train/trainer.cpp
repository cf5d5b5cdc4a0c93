#include "core/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/base/progress.h"
#include "core/config/step_ranges.h"
#include "core/optim/schedule.h"
#include "core/train/mfu.h"
#include "core/train/model_state.h"
#include "core/train/objective.h"
#include "core/train/optimizer_step.h"
#include "core/train/run_journal.h"
#include "core/train/run_saver.h"
#include "core/train/run_setup.h"
#include "core/train/step_window.h"
#include "core/train/train_state.h"

namespace z2 {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kValidLoss = "valid/loss";

// What a checkpoint is rated by.
std::optional<double> scoreOf(const Metrics& evaluated) {
  const auto found = evaluated.find(kValidLoss);
  return found == evaluated.end() ? std::nullopt : std::optional(found->second);
}

// More steps in a row without a finite gradient than any passing disturbance takes.
constexpr int64_t kMostSkippedInRow = 5;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

TrainerExit exitFor(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUsage:
      return TrainerExit::kUsage;
    case ErrorCode::kBadInput:
    case ErrorCode::kCorrupt:
      return TrainerExit::kBadInput;
    case ErrorCode::kInterrupted:
      return TrainerExit::kStopped;
    case ErrorCode::kEnvironment:
      break;
  }
  return TrainerExit::kEnvironment;
}

// Everything of a run that is being trained. Lives at one place: parts refer to each other.
class Trainer {
 public:
  Trainer(const TrainerOptions& options, const RunDirectory& run, RunJournal& journal)
      : options_(options), run_(run), config_(run.config()), journal_(journal) {}

  Result<TrainerEnd> run();
  [[nodiscard]] int64_t step() const { return state_.step; }

 private:
  Result<void> open();
  Result<void> openTask(bool isTrained);
  Result<void> openOptimizer();
  Result<void> resumeOrBegin();
  Result<void> restore(const LoadedCheckpoint& checkpoint);
  Result<void> checkData(const LoadedCheckpoint& checkpoint);
  void skipAfterNan();
  void skipChosenSteps();
  Result<TrainerEnd> loop();
  Result<bool> oneStep();             // false: too many steps in a row were not finite
  void tellMeasured();                // why the first step took long
  Result<Metrics> evaluateWhenDue();  // empty: it is not
  void writeRow(const Metrics& evaluated);
  // While steps are skipped nothing is gained, and the weights may be what is wrong.
  [[nodiscard]] bool isWorthSaving() const { return state_.skippedInRow == 0; }
  Result<void> save(std::optional<double> score);
  Result<TrainerEnd> finish(TrainerExit exit);
  Result<TrainerEnd> evaluateOnly();

  const TrainerOptions& options_;
  const RunDirectory& run_;
  const RunConfig& config_;
  RunJournal& journal_;
  int64_t steps_ = 0;     // where this process ends
  int64_t lastStep_ = 0;  // of the run: it has a row and an evaluation of its own
  Device device_;
  std::optional<Llama> model_;
  std::optional<AdamWOptimizer> optimizer_;
  std::optional<OptimizerStep> optimizerStep_;
  TaskParts parts_;                      // the objective moves to optimizerStep_
  std::optional<AdapterOrigin> origin_;  // of adapters
  std::optional<CheckpointStore> store_;
  std::optional<RunSaver> saver_;
  std::optional<StepWindow> window_;
  LearningRateSchedule schedule_;
  std::vector<StepRange> skippedSteps_;
  TrainState state_;
};

Result<void> Trainer::open() {
  steps_ = options_.steps.value_or(config_.integer("train.steps"));
  lastStep_ = std::max(steps_, config_.integer("train.steps"));
  Z2_TRY_VOID(config_.checkRequired());
  Z2_TRY(device_, openDevice(config_.text("train.device"),
                             static_cast<int>(config_.integer("train.threads"))));
  if (!device_.choice.empty()) journal_.say(device_.choice);
  const bool isTrained = !options_.onlyEvaluates && !config_.flag("train.eval_only");
  Z2_TRY(model_, makeModel(config_, device_, isTrained));
  if (isTrained && config_.text("train.recompute") == "auto" &&
      model_->options().recompute == Recompute::kBlocks)
    journal_.say("memory is short: backward computes each layer again (train.recompute=auto)");
  Z2_TRY_VOID(openTask(isTrained));
  Z2_TRY(store_, openCheckpoints(run_));
  return isTrained ? openOptimizer() : Result<void>();
}

Result<void> Trainer::openTask(bool isTrained) {
  if (config_.task() != Task::kDpo) {
    Z2_TRY(parts_, openNextToken(config_, isTrained));
    return {};
  }
  const auto start = Clock::now();
  ReferenceReport report;
  Z2_TRY(parts_, openPreferences(
                     run_, *model_, isTrained, [&] { journal_.beat(state_.step); }, report));
  if (report.computed > 0)
    journal_.event("reference", {{"data_sets", report.computed}, {"seconds", secondsSince(start)}});
  if (report.computed + report.found > 0)
    journal_.say(fmt::format("the reference's log probabilities: {} data sets computed, {} on disk",
                             report.computed, report.found));
  return {};
}

Result<void> Trainer::openOptimizer() {
  Z2_TRY(schedule_, LearningRateSchedule::fromRunConfig(config_));
  Z2_TRY(skippedSteps_, parseStepRanges(config_.list("train.skip_steps")));
  Z2_TRY(const DType type, computeType(config_));
  Z2_TRY(optimizer_, AdamWOptimizer::create(model_->trained(), model_->trainedDecayEnd(),
                                            AdamWSettings::fromRunConfig(config_), *device_.ops));
  optimizerStep_.emplace(*model_, *optimizer_, std::move(parts_.objective), type);
  Z2_TRY(saver_, RunSaver::create(*store_, *model_, device_, journal_));
  Z2_TRY(const double peak, peakTflops(*device_.ops, type));
  window_.emplace(config_, *model_, peak, optimizerStep_->objective().tokensPerStep());
  journal_.say(
      fmt::format("{} on {}: {} parameters, peak {:.3g} TFLOP/s", nameOf(type), device_.name,
                  formatCount(static_cast<double>(model_->config().parameterCount())), peak));
  if (model_->adapters().size > 0)
    journal_.say(
        fmt::format("{} of them frozen, adapters with {} parameters are trained",
                    formatCount(static_cast<double>(model_->config().parameterCount())),
                    formatCount(static_cast<double>(model_->adapterLayout().parameterCount()))));
  return {};
}

Result<void> Trainer::checkData(const LoadedCheckpoint& checkpoint) {
  const std::string now = optimizerStep_->objective().fingerprint();
  if (state_.dataFingerprint == now) return {};
  if (!options_.allowsChangedData)
    return badInput(config_.text("data.train"),
                    "the data is not that of the checkpoint " + checkpoint.info().folder.native(),
                    "Bring the old data back, or allow the change with "
                    "z2all-train run RUN --allow-changed-data");
  journal_.event("data_changed", {{"step", state_.step}});
  state_.dataFingerprint = now;
  return {};
}

Result<void> Trainer::restore(const LoadedCheckpoint& checkpoint) {
  const Json& saved = checkpoint.info().state;
  const std::string where = checkpoint.info().folder.native();
  Z2_TRY(state_, parseTrainState(saved, where));
  if (origin_) {
    Z2_TRY(const AdapterOrigin origin,
           parseAdapterOrigin(saved.value("adapters", Json::object()), where));
    if (origin.baseHash != origin_->baseHash)
      return badInput(origin_->base,
                      "its weights are not those that the adapters of this run were trained on",
                      "Bring the old model back to that place");
  }
  Z2_TRY_VOID(restoreTensors(checkpoint, *model_));
  return optimizerStep_ ? checkData(checkpoint) : Result<void>();
}

Result<void> Trainer::resumeOrBegin() {
  std::vector<DamagedCheckpoint> damaged;
  auto newest = store_->loadNewest(damaged, options_.proof);
  for (const DamagedCheckpoint& one : damaged) {
    journal_.event("checkpoint_damaged", {{"folder", one.folder.native()}, {"reason", one.reason}});
    journal_.say("set aside a damaged checkpoint: " + one.reason);
  }
  if (!newest) return tl::unexpected(newest.error());
  if (model_->adapters().size > 0) {
    Z2_TRY(origin_, loadBase(run_, *model_));
  }
  if (*newest) {
    Z2_TRY_VOID(restore(**newest));
    if (saver_) saver_->wentOnFrom(state_.step);
    journal_.event("resumed", {{"step", state_.step}});
    journal_.say(fmt::format("resumed from step {}", state_.step));
  } else {
    if (journal_.attempt() > 1 && !damaged.empty())
      journal_.say("no checkpoint is usable: the run begins anew");
    Z2_TRY_VOID(origin_ ? firstAdapters(config_, *origin_, *model_) : firstWeights(run_, *model_));
    if (optimizerStep_) state_.dataFingerprint = optimizerStep_->objective().fingerprint();
  }
  if (optimizerStep_) skipAfterNan();
  return {};
}

void Trainer::skipAfterNan() {
  const int64_t steps = config_.integer("train.nan_skip_steps");
  if (steps == 0) return;
  const auto badCursor = journal_.fromLastAttempt("nan", "cursor");
  if (!badCursor || *badCursor <= state_.cursor) return;
  state_.cursor =
      *badCursor + static_cast<uint64_t>(steps) * optimizerStep_->objective().samplesPerStep();
  journal_.event("data_skipped", {{"step", state_.step}, {"cursor", state_.cursor}});
}

void Trainer::skipChosenSteps() {
  const uint64_t behind =
      cursorBehind(skippedSteps_, state_.cursor, optimizerStep_->objective().samplesPerStep());
  if (behind == state_.cursor) return;
  journal_.event("data_skipped",
                 {{"step", state_.step}, {"from", state_.cursor}, {"cursor", behind}});
  state_.cursor = behind;
}

Result<bool> Trainer::oneStep() {
  skipChosenSteps();
  const auto start = Clock::now();
  Z2_TRY(const StepOutcome done, optimizerStep_->run(state_, schedule_.at(state_.step + 1)));
  window_->add(done, secondsSince(start), state_);
  if (!done.isApplied())
    journal_.event("step_skipped", {{"step", state_.step}, {"reason", "gradients not finite"}});
  return state_.skippedInRow < kMostSkippedInRow;
}

void Trainer::tellMeasured() {
  Z2DeviceInfo info{};
  const Z2Ops& ops = *device_.ops;
  if (device_.isHost || ops.deviceInfo(ops.context, &info) != Z2_OK || info.measured == 0) return;
  journal_.say(
      fmt::format("{:.0f} s of the first step went into finding the fastest algorithms for {} "
                  "products; later runs on this kind of GPU take the same ones",
                  info.measuring, info.measured));
}

Result<Metrics> Trainer::evaluateWhenDue() {
  const int64_t interval = config_.integer("train.eval_interval");
  const bool isDue = parts_.evaluation && interval > 0 &&
                     (state_.step % interval == 0 || state_.step == lastStep_);
  if (!isDue) return Metrics{};
  Z2_TRY(Metrics evaluated,
         parts_.evaluation->run(*model_, state_, [&] { journal_.beat(state_.step); }));
  const double loss = evaluated.at(kValidLoss);
  if (std::isfinite(loss))
    state_.bestValidLoss = std::min(state_.bestValidLoss.value_or(loss), loss);
  return evaluated;
}

void Trainer::writeRow(const Metrics& evaluated) {
  Json row = window_->take(state_, schedule_.at(state_.step));
  for (const auto& [name, value] : evaluated) row[name] = value;
  journal_.metrics(state_.step, row);
}

Result<void> Trainer::save(std::optional<double> score) {
  Json state = toJson(state_, config_.toJson());
  if (origin_) state["adapters"] = toJson(*origin_);
  return saver_->begin(state_.step, state, score);
}

Result<TrainerEnd> Trainer::finish(TrainerExit exit) {
  saver_->wait();
  // A disk that was full a moment ago may have room again: the last work is worth a second try.
  if (!isWorthSaving()) return TrainerEnd{exit, {}};
  for (int tries = 0; tries < 2 && saver_->savedAt() != state_.step; ++tries) {
    Z2_TRY_VOID(save(std::nullopt));
    saver_->wait();
  }
  if (saver_->savedAt() != state_.step)
    return TrainerEnd{TrainerExit::kEnvironment,
                      fmt::format("the work since step {} could not be saved: the disk is full or "
                                  "fails. Free some space, then resume",
                                  saver_->savedAt().value_or(0))};
  return TrainerEnd{exit, {}};
}

Result<TrainerEnd> Trainer::loop() {
  const int64_t first = state_.step;
  const int64_t logInterval = config_.integer("train.log_interval");
  const int64_t saveInterval = config_.integer("train.checkpoint_interval");
  while (state_.step < steps_) {
    if (stopRequested()) {
      journal_.say("asked to stop");
      return finish(TrainerExit::kStopped);
    }
    Z2_TRY(const bool isHealthy, oneStep());
    if (state_.step == first + 1) tellMeasured();
    Z2_TRY(const Metrics evaluated, evaluateWhenDue());
    if (!evaluated.empty() || state_.step % logInterval == 0 || state_.step == lastStep_)
      writeRow(evaluated);
    journal_.beat(state_.step);
    if (!isHealthy) {
      saver_->wait();
      journal_.event("nan", {{"step", state_.step}, {"cursor", state_.cursor}});
      return TrainerEnd{
          TrainerExit::kNotANumber,
          fmt::format("the gradients of {} steps in a row, up to step {}, were not finite (NaN). "
                      "Lower optim.lr, or skip the data with train.nan_skip_steps",
                      kMostSkippedInRow, state_.step)};
    }
    const bool isSaveDue =
        state_.step == steps_ || (saveInterval > 0 && state_.step % saveInterval == 0);
    if (isSaveDue && isWorthSaving()) Z2_TRY_VOID(save(scoreOf(evaluated)));
    saver_->poll();
  }
  return finish(TrainerExit::kFinished);
}

Result<TrainerEnd> Trainer::evaluateOnly() {
  if (!parts_.evaluation)
    return badInput("data.valid", "there is no validation data to evaluate on",
                    "Set data.valid to the prefix of a token file");
  Z2_TRY(const Metrics evaluated,
         parts_.evaluation->run(*model_, state_, [&] { journal_.beat(state_.step); }));
  Json row = Json::object();
  for (const auto& [name, value] : evaluated) row[name] = value;
  journal_.metrics(state_.step, row);
  journal_.say(
      fmt::format("validation loss {:.6f} at step {}", evaluated.at(kValidLoss), state_.step));
  return TrainerEnd{};
}

Result<TrainerEnd> Trainer::run() {
  Z2_TRY_VOID(open());
  Z2_TRY_VOID(resumeOrBegin());
  journal_.begin(state_.step);
  return optimizerStep_ ? loop() : evaluateOnly();
}

}  // namespace

TrainerEnd train(const TrainerOptions& options) {
  const auto run = RunDirectory::open(options.run);
  if (!run) return {exitFor(run.error()), run.error().text()};
  auto journal = RunJournal::open(*run, options.attempt,
                                  options.steps.value_or(run->config().integer("train.steps")));
  if (!journal) return {exitFor(journal.error()), journal.error().text()};
  Trainer trainer(options, *run, *journal);
  auto outcome = trainer.run();
  TrainerEnd end =
      outcome ? std::move(*outcome) : TrainerEnd{exitFor(outcome.error()), outcome.error().text()};
  journal->end(end.exit, end.words, trainer.step());
  return end;
}

}  // namespace z2
