#include "core/train/run_journal.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/process.h"
#include "core/io/files.h"
#include "core/run/engine_log.h"

namespace z2 {

namespace {

constexpr auto kBeatInterval = std::chrono::seconds(1);

RunState stateOf(TrainerExit exit) {
  if (exit == TrainerExit::kFinished) return RunState::kFinished;
  return exit == TrainerExit::kStopped ? RunState::kStopped : RunState::kFailed;
}

}  // namespace

Result<RunJournal> RunJournal::open(const RunDirectory& run, std::optional<int> attempt,
                                    int64_t steps) {
  Z2_TRY(MetricsWriter writer, MetricsWriter::open(run.metrics()));
  Z2_TRY(auto log, openEngineLog(run.log(), "trainer"));
  Z2_TRY(RunStatus status, run.readStatus());
  status.attempt = attempt.value_or(status.attempt + 1);
  status.trainer = thisProcess();
  status.host = hostName();
  status.steps = steps;
  status.exitCode.reset();
  status.error.clear();
  status.state = RunState::kStarting;
  RunJournal journal(run, std::move(writer), std::move(log), std::move(status));
  journal.writeStatus();
  return journal;
}

void RunJournal::report(const Result<void>& outcome, std::string_view what) {
  if (outcome) {
    isDiskRefusing_ = false;
    return;
  }
  if (!std::exchange(isDiskRefusing_, true))
    std::fprintf(stderr, "z2all-train: %.*s could not be written; training goes on. %s\n",
                 static_cast<int>(what.size()), what.data(), outcome.error().text().c_str());
}

void RunJournal::writeStatus() {
  status_.heartbeat = unixSeconds();
  report(run_.writeStatus(status_), "status.json");
  nextBeat_ = std::chrono::steady_clock::now() + kBeatInterval;
}

void RunJournal::begin(int64_t step) {
  status_.state = RunState::kRunning;
  status_.step = step;
  writeStatus();
}

void RunJournal::beat(int64_t step) {
  status_.step = step;
  const auto now = std::chrono::steady_clock::now();
  if (now < nextBeat_) return;
  nextBeat_ = now + kBeatInterval;
  status_.heartbeat = unixSeconds();
  report(run_.beat(status_), "status.json");
}

void RunJournal::metrics(int64_t step, const Json& values) {
  report(writer_.append(status_.attempt, step, values), "a row of metrics.jsonl");
}

void RunJournal::event(std::string_view name, Json details) {
  details["attempt"] = status_.attempt;
  report(run_.addEvent(name, std::move(details)), "events.jsonl");
}

void RunJournal::say(std::string_view text) { log_->info("{}", text); }

void RunJournal::alarm(std::string text) {
  if (text == status_.error) return;
  if (!text.empty()) {
    log_->error("{}", text);
    std::fprintf(stderr, "z2all-train: %s\n", text.c_str());
  }
  status_.error = std::move(text);
  writeStatus();
}

void RunJournal::end(TrainerExit exit, const std::string& words, int64_t step) {
  status_.state = stateOf(exit);
  status_.step = step;
  status_.exitCode = static_cast<int>(exit);
  status_.error = words;
  if (!words.empty()) log_->error("{}", words);
  log_->info("{} at step {}", nameOf(status_.state), step);
  writeStatus();
}

std::optional<uint64_t> RunJournal::fromLastAttempt(std::string_view name, const char* key) const {
  const auto text = readFile(run_.events());
  std::optional<uint64_t> found;
  if (!text) return found;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const auto line = parseJson(rest.substr(0, end), "events.jsonl");
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (!line || !line->is_object() || line->value("event", "") != name) continue;
    if (line->value("attempt", 0) != status_.attempt - 1 || !line->contains(key)) continue;
    if ((*line)[key].is_number_unsigned()) found = (*line)[key].get<uint64_t>();
  }
  return found;
}

}  // namespace z2
