#pragma once

// A run is a directory; its files are the interface between engine, supervisor, command line and
// window (docs/architecture.md).
//
//   run.json        frozen configuration and schema version      metrics.jsonl   a record a line
//   status.json     state, pids, heartbeat; replaced atomically  events.jsonl    what happened
//   engine.log      text log                                     ckpt/           checkpoints
//   lock            held by the one process that supervises

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/json.h"
#include "core/run/metrics_writer.h"
#include "core/run/run_origin.h"
#include "core/run/run_status.h"

namespace z2 {

class RunDirectory {
 public:
  // Makes the directory and run.json; refuses a directory that already holds a run.
  [[nodiscard]] static Result<RunDirectory> create(const std::filesystem::path& path,
                                                   const RunConfig& config);
  // The same for a run that another program made; `created`: when it began, `status`: how it
  // stands.
  [[nodiscard]] static Result<RunDirectory> createImported(const std::filesystem::path& path,
                                                           const RunConfig& config,
                                                           const RunOrigin& origin,
                                                           const std::string& created,
                                                           const RunStatus& status);
  [[nodiscard]] static Result<RunDirectory> open(const std::filesystem::path& path);
  // Whether `path` holds a run.json.
  [[nodiscard]] static bool exists(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string name() const { return path_.filename().native(); }
  [[nodiscard]] const RunConfig& config() const { return config_; }
  [[nodiscard]] const std::string& created() const { return created_; }  // UTC, ISO 8601
  // Empty for a run of our own.
  [[nodiscard]] const std::optional<RunOrigin>& origin() const { return origin_; }
  // Whether config() tells the key of this run; an imported run's source may not have said it.
  [[nodiscard]] bool knows(std::string_view key) const;
  [[nodiscard]] std::filesystem::path checkpoints() const { return path_ / "ckpt"; }
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  [[nodiscard]] std::filesystem::path events() const { return path_ / "events.jsonl"; }
  [[nodiscard]] std::filesystem::path log() const { return path_ / "engine.log"; }

  // As it stands in the file; core/run/run_report.h tells whether it is still true.
  [[nodiscard]] Result<RunStatus> readStatus() const;
  [[nodiscard]] Result<void> writeStatus(const RunStatus& status) const;
  // The same without waiting for the disk: for heartbeats between two changes of state.
  [[nodiscard]] Result<void> beat(const RunStatus& status) const;
  // One line {"time","event",…} appended to events.jsonl and synced.
  [[nodiscard]] Result<void> addEvent(std::string_view event, Json details = Json::object()) const;
  // Rewrites run.json with other values of keys that may change on resume ("key=value"; another key
  // is refused, and any for an imported run) and says so in events.jsonl.
  [[nodiscard]] Result<void> change(const std::vector<std::string>& settings);
  // Rewrites run.json with more steps (fewer are refused, and any for an imported run) and says so
  // in events.jsonl.
  [[nodiscard]] Result<void> extend(int64_t steps);

 private:
  RunDirectory(std::filesystem::path path, RunConfig config, std::string created)
      : path_(std::move(path)), config_(std::move(config)), created_(std::move(created)) {}
  [[nodiscard]] Result<void> writeConfig() const;

  std::filesystem::path path_;
  RunConfig config_;
  std::string created_;
  std::optional<RunOrigin> origin_;
};

// "2024-06-22T21:19:43Z".
[[nodiscard]] std::string utcNow();

}  // namespace z2
