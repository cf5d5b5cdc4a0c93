#pragma once

// A run is a directory; its files are the interface between engine, supervisor, command line and
// window (docs/architecture.md).
//
//   run.json        frozen configuration and schema version      metrics.jsonl   a record a line
//   status.json     state, pids, heartbeat; replaced atomically  events.jsonl    what happened
//   engine.log      text log                                     ckpt/           checkpoints

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

enum class RunState {
  kCreated,
  kQueued,
  kStarting,
  kRunning,
  kStopping,
  kStopped,
  kFinished,
  kFailed,
  kCrashed,
  kLost
};
[[nodiscard]] std::string_view nameOf(RunState state);

// status.json as written by whoever owns the run (supervisor or trainer).
struct RunStatus {
  RunState state = RunState::kCreated;
  int64_t step = 0;
  int64_t steps = 0;
  int attempt = 0;
  int64_t pid = 0;             // of the supervisor; 0: none
  uint64_t pidStartTicks = 0;  // field 22 of /proc/PID/stat: tells a reused pid
  std::string host;
  double heartbeat = 0;  // Unix seconds of the last sign of life
  std::optional<int> exitCode;
  std::string error;  // in words; empty when there is none
};

class RunDirectory {
 public:
  // Makes the directory and run.json; refuses a directory that already holds a run.
  [[nodiscard]] static Result<RunDirectory> create(const std::filesystem::path& path,
                                                   const RunConfig& config);
  [[nodiscard]] static Result<RunDirectory> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const RunConfig& config() const { return config_; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return path_ / "ckpt"; }
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  [[nodiscard]] std::filesystem::path log() const { return path_ / "engine.log"; }

  [[nodiscard]] Result<RunStatus> readStatus() const;  // as it stands in the file
  [[nodiscard]] Result<void> writeStatus(const RunStatus& status) const;
  // One line {"time","event",…} appended to events.jsonl and synced.
  [[nodiscard]] Result<void> addEvent(std::string_view event, Json details) const;

 private:
  RunDirectory(std::filesystem::path path, RunConfig config)
      : path_(std::move(path)), config_(std::move(config)) {}
  std::filesystem::path path_;
  RunConfig config_;
};

// Appends to metrics.jsonl. `seq` goes on where the file ends, without a gap; a torn last line left
// by a crash is cut off first. One writer a run (the supervisor's lock sees to it).
class MetricsWriter {
 public:
  [[nodiscard]] static Result<MetricsWriter> open(const std::filesystem::path& file);
  // Adds "seq" and "time" in front and writes one line with one write(2).
  [[nodiscard]] Result<void> append(int attempt, int64_t step, const Json& values);

 private:
  MetricsWriter(std::filesystem::path path, FileHandle file, uint64_t nextSequence)
      : path_(std::move(path)), file_(std::move(file)), nextSequence_(nextSequence) {}
  std::filesystem::path path_;
  FileHandle file_;
  uint64_t nextSequence_;
};

}  // namespace z2
