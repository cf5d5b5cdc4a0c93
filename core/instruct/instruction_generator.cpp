#include "core/instruct/instruction_generator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/data/permutation.h"
#include "core/instruct/task_prompt.h"

namespace z2 {

namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr int64_t kMostCutOffs = 2;  // answers without a whole task, before that is the answer
constexpr size_t kShownAnswerBytes = 4000;  // of one without a task

// What decides the tasks. The endpoint, its key, the pace and the limits do not.
Json settingsOf(const GeneratorOptions& options) {
  return {{"language", nameOf(options.filter.language)},
          {"model", options.chat.model},
          {"seeds", options.seeds.sha256},
          {"examples", options.examples},
          {"per_request", options.perRequest},
          {"temperature", options.chat.temperature},
          {"top_p", options.chat.topP},
          {"max_tokens", options.chat.maxTokens},
          {"fields", options.chat.fields},
          {"seed", options.seed},
          {"similarity", options.filter.similarity},
          {"min_length", options.filter.minWords},
          {"max_length", options.filter.maxWords},
          {"banned", options.filter.banned}};
}

std::string joined(const std::map<std::string, uint64_t>& reasons) {
  std::string text;
  for (const auto& [reason, count] : reasons)
    text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", count, reason);
  return text;
}

}  // namespace

InstructionGenerator::InstructionGenerator(GeneratorOptions options, HttpClient client,
                                           TaskStore store)
    : options_(std::move(options)),
      client_(std::move(client)),
      store_(std::move(store)),
      filter_(std::make_unique<TaskFilter>(options_.filter)),
      started_(Clock::now()) {
  for (const InstructionTask& task : options_.seeds.tasks) filter_->remember(task.instruction);
  for (const InstructionTask& task : store_.kept()) filter_->remember(task.instruction);
  for (const DroppedTask& task : store_.dropped())
    if (task.reason == drop_reason::kByHand) filter_->remember(task.task.instruction);
}

Result<InstructionGenerator> InstructionGenerator::open(GeneratorOptions options) {
  Z2_TRY(HttpClient client, HttpClient::open());
  Z2_TRY(TaskStore store, TaskStore::open(options.output, settingsOf(options)));
  if (options.onNotice && !store.changes().empty())
    options.onNotice(fmt::format("this file goes on with other settings than before: {}",
                                 fmt::join(store.changes(), ", ")));
  return InstructionGenerator(std::move(options), std::move(client), std::move(store));
}

Result<void> InstructionGenerator::run() {
  started_ = Clock::now();
  progress_ = std::make_unique<Progress>("writing tasks", options_.count, Progress::Unit::kItems,
                                         false, store_.kept().size());
  auto outcome = work();
  progress_.reset();
  for (const auto& [request, attempt] : attempts_)
    if (attempt.isUnderWay) client_.cancel(static_cast<int64_t>(request));
  attempts_.clear();
  if (const auto closed = store_.close(); outcome && !closed) outcome = closed;
  return outcome;
}

Result<void> InstructionGenerator::work() {
  while (store_.kept().size() < options_.count) {
    if (stopRequested())
      return interrupted(fmt::format("stopped with {} of {} tasks; the same command goes on",
                                     store_.kept().size(), options_.count));
    if (!isAtLimit()) plan();
    if (attempts_.empty()) return {};
    Z2_TRY_VOID(send());
    Z2_TRY(const std::vector<HttpAnswer> answers, client_.poll(kTick));
    for (const HttpAnswer& answer : answers)
      if (store_.kept().size() < options_.count) Z2_TRY_VOID(take(answer));
  }
  return {};
}

bool InstructionGenerator::isAtLimit() const {
  if (options_.mostRequests > 0 && begunNow_ >= options_.mostRequests) return true;
  return options_.mostCost > 0 && costSoFar() >= options_.mostCost;
}

void InstructionGenerator::plan() {
  const size_t wanted = wantedAtOnce();
  while (attempts_.size() < wanted && !isAtLimit()) {
    nextRequest_ = store_.nextRequest(nextRequest_);
    attempts_.emplace(nextRequest_++, Attempt{});
    ++begunNow_;
  }
}

// Near the end no more than what is likely to be needed.
size_t InstructionGenerator::wantedAtOnce() const {
  const double fruit = doneNow_ == 0
                           ? static_cast<double>(options_.perRequest)
                           : static_cast<double>(keptNow_) / static_cast<double>(doneNow_);
  const auto missing = static_cast<double>(options_.count - store_.kept().size());
  const double requests = std::ceil(missing / std::max(fruit, 0.5));
  return static_cast<size_t>(std::clamp(requests, 1.0, static_cast<double>(options_.parallel)));
}

Result<void> InstructionGenerator::send() {
  const Clock::time_point now = Clock::now();
  if (now < pausedUntil_) return {};
  for (auto& [request, attempt] : attempts_) {
    if (attempt.isUnderWay || now < attempt.due) continue;
    Z2_TRY_VOID(client_.start(static_cast<int64_t>(request), postOf(request, attempt)));
    attempt.isUnderWay = true;
  }
  return {};
}

HttpPost InstructionGenerator::postOf(uint64_t request, const Attempt& attempt) const {
  const auto examples =
      drawExamples(options_.seeds.tasks, options_.examples, options_.seed, request);
  const uint64_t seed =
      mixBits(mixBits(options_.seed) + request) + static_cast<uint64_t>(attempt.cutOffs);
  const std::string prompt =
      makeTaskPrompt(examples, options_.perRequest, options_.filter.language);
  return {.url = options_.url,
          .bearer = options_.key,
          .body = chatBody(options_.chat, prompt, seed),
          .timeout = options_.timeout};
}

Result<void> InstructionGenerator::take(const HttpAnswer& answer) {
  const auto request = static_cast<uint64_t>(answer.number);
  const auto found = attempts_.find(request);
  if (found == attempts_.end()) return {};
  found->second.isUnderWay = false;
  ChatOutcome outcome = judgeAnswer(answer, options_.url, wasReached_);
  if (outcome.verdict == ChatVerdict::kGiveUp) return tl::unexpected(std::move(outcome.error));
  wasReached_ = true;
  if (outcome.verdict == ChatVerdict::kRetry)
    return retryLater(request, std::move(outcome.error), answer.retryAfter, outcome.isBusy);
  return takeReply(request, outcome.reply);
}

Result<void> InstructionGenerator::retryLater(uint64_t request, Error error,
                                              std::chrono::seconds asked, bool isBusy) {
  Attempt& attempt = attempts_[request];
  if (++attempt.failures > options_.retry.most)
    return tl::unexpected(std::move(error).within(
        fmt::format("request {} failed {} times", request + 1, attempt.failures)));
  if (asked > options_.retry.longestAsked)
    return tl::unexpected(std::move(error).within(fmt::format(
        "the server asks for a wait of {}", formatDuration(static_cast<double>(asked.count())))));
  const auto wait = retryWait(options_.retry, request, attempt.failures, asked);
  attempt.due = Clock::now() + wait;
  if (isBusy) pausedUntil_ = std::max(pausedUntil_, attempt.due);
  if (options_.onNotice)
    options_.onNotice(fmt::format("request {}: {}; again in {}", request + 1, error.what,
                                  formatDuration(static_cast<double>(wait.count()) / 1e3)));
  return {};
}

Result<void> InstructionGenerator::takeReply(uint64_t request, const ChatReply& reply) {
  Attempt& attempt = attempts_[request];
  const std::vector<FoundTask> found = parseTasks(reply.text, reply.isCutOff);
  const bool hasWhole = std::ranges::any_of(found, [](const auto& one) { return !one.isCutOff; });
  if (reply.isCutOff && !hasWhole && attempt.cutOffs < kMostCutOffs &&
      attempt.failures < options_.retry.most) {
    ++attempt.cutOffs;
    attempt.promptTokens += reply.promptTokens;
    attempt.completionTokens += reply.completionTokens;
    return retryLater(request,
                      {.code = ErrorCode::kBadInput,
                       .what = "the answer was cut off before its first task was whole",
                       .where = options_.url,
                       .fix = "Ask with a greater --max-tokens"},
                      {}, false);
  }
  RequestOutcome outcome{.request = request,
                         .kept = {},
                         .dropped = {},
                         .attempts = attempt.failures + 1,
                         .promptTokens = attempt.promptTokens + reply.promptTokens,
                         .completionTokens = attempt.completionTokens + reply.completionTokens,
                         .hasUsage = reply.hasUsage};
  sort(found, reply.text, outcome);
  attempts_.erase(request);
  Z2_TRY_VOID(store_.commit(outcome));
  ++doneNow_;
  keptNow_ += outcome.kept.size();
  progress_->advance(outcome.kept.size());
  return checkFruit(outcome);
}

void InstructionGenerator::sort(const std::vector<FoundTask>& found, const std::string& answer,
                                RequestOutcome& outcome) {
  const auto drop = [&](const InstructionTask& task, std::string_view reason) {
    outcome.dropped.push_back(
        {.task = task, .answer = {}, .reason = std::string(reason), .detail = {}});
  };
  for (const auto& [task, isCutOff] : found) {
    if (isCutOff) {
      drop(task, drop_reason::kCutOff);
    } else if (store_.kept().size() + outcome.kept.size() >= options_.count) {
      drop(task, drop_reason::kSurplus);
    } else if (auto reason = filter_->judge(task)) {
      drop(task, reason->reason);
      outcome.dropped.back().detail = std::move(reason->detail);
    } else {
      outcome.kept.push_back(task);
    }
  }
  if (!found.empty()) return;
  drop({}, drop_reason::kNoTask);
  outcome.dropped.back().answer = answer.empty() ? "(empty)" : answer.substr(0, kShownAnswerBytes);
}

// Answers cost money: a model that only repeats itself should not be asked for ever.
Result<void> InstructionGenerator::checkFruit(const RequestOutcome& outcome) {
  if (!outcome.kept.empty()) {
    fruitless_ = 0;
    fruitlessReasons_.clear();
    return {};
  }
  for (const DroppedTask& task : outcome.dropped) ++fruitlessReasons_[task.reason];
  if (options_.mostFruitless == 0 || ++fruitless_ < options_.mostFruitless) return {};
  return badInput(store_.paths().dropped.native(),
                  fmt::format("the last {} answers had nothing to keep ({})", fruitless_,
                              joined(fruitlessReasons_)),
                  "Look at them there; another model, a higher --temperature or more seeds help");
}

double InstructionGenerator::costSoFar() const {
  const TaskTotals& totals = store_.totals();
  return (static_cast<double>(totals.promptTokens) * options_.priceIn +
          static_cast<double>(totals.completionTokens) * options_.priceOut) /
         1e6;
}

GeneratorSummary InstructionGenerator::summary() const {
  GeneratorSummary summary{
      .kept = store_.kept().size(),
      .count = options_.count,
      .dropped = {},
      .totals = store_.totals(),
      .cost = costSoFar(),
      .keptNow = keptNow_,
      .seconds = std::chrono::duration<double>(Clock::now() - started_).count()};
  for (const DroppedTask& task : store_.dropped()) ++summary.dropped[task.reason];
  return summary;
}

}  // namespace z2
