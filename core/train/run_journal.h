#pragma once

// What a trainer tells the world through its run directory: metrics, events, log, status and
// heartbeat. A disk that refuses them stops no training: it becomes an alarm in status.json and on
// standard error, and is tried again with the next line.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/run/run_directory.h"
#include "core/train/exit_codes.h"

namespace spdlog {
class logger;
}

namespace z2 {

// One thread at a time.
class RunJournal {
 public:
  // Takes the metrics file: an error when another trainer has it. `attempt` empty: the one after
  // the last (a trainer that no supervisor started).
  [[nodiscard]] static Result<RunJournal> open(const RunDirectory& run, std::optional<int> attempt,
                                               int64_t steps);

  void begin(int64_t step);  // the state becomes running
  void beat(int64_t step);   // at most once a second reaches the file
  void metrics(int64_t step, const Json& values);
  void event(std::string_view name, Json details = Json::object());
  void say(std::string_view text);
  // Something a person should see while training goes on; an empty text takes it back.
  void alarm(std::string text);
  // The last words of this attempt.
  void end(TrainerExit exit, const std::string& words, int64_t step);

  [[nodiscard]] int attempt() const { return status_.attempt; }
  // The member `key` of the last event `name` of the attempt before this one.
  [[nodiscard]] std::optional<uint64_t> fromLastAttempt(std::string_view name,
                                                        const char* key) const;

 private:
  RunJournal(RunDirectory run, MetricsWriter writer, std::shared_ptr<spdlog::logger> log,
             RunStatus status)
      : run_(std::move(run)),
        writer_(std::move(writer)),
        log_(std::move(log)),
        status_(std::move(status)) {}
  void report(const Result<void>& outcome, std::string_view what);
  void writeStatus();

  RunDirectory run_;
  MetricsWriter writer_;
  std::shared_ptr<spdlog::logger> log_;
  RunStatus status_;
  std::chrono::steady_clock::time_point nextBeat_{};
  bool isDiskRefusing_ = false;
};

}  // namespace z2
