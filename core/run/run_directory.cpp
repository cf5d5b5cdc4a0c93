#include "core/run/run_directory.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "core/config/schema.h"
#include "core/config/task.h"
#include "core/io/files.h"
#include "core/run/append_line.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// Raised when a run.json of today could not be read by the program of yesterday.
constexpr int kSchemaVersion = 2;

// The configuration of an older program in today's keys. Version 1 had the number of steps to skip
// at the start in train.skip_steps.
Json migrated(Json config, int version) {
  if (version > 1 || !config.is_object()) return config;
  const auto train = config.find("train");
  if (train == config.end() || !train->is_object()) return config;
  const auto skipped = train->find("skip_steps");
  if (skipped == train->end() || !skipped->is_number_integer()) return config;
  const auto count = skipped->get<int64_t>();
  *skipped = count > 0 ? Json::array({fmt::format("1-{}", count)}) : Json::array();
  return config;
}

}  // namespace

std::string utcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

bool RunDirectory::exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / "run.json", ignored);
}

Result<RunDirectory> RunDirectory::create(const fs::path& path, const RunConfig& config) {
  if (exists(path))
    return badInput(
        path.native(), "there is a run already in this directory",
        "Choose another directory, or continue it with: z2all run resume " + path.native());
  std::error_code failure;
  const fs::path absolute = fs::absolute(path, failure).lexically_normal();
  // "runs/a/" and "runs/a" are one name.
  RunDirectory run(absolute.has_filename() ? absolute : absolute.parent_path(), config, utcNow());
  Z2_TRY_VOID(makeFolders(run.path_));
  RunStatus status;
  status.steps = config.integer("train.steps");
  Z2_TRY_VOID(run.writeStatus(status));
  // Last, for it is what makes the directory a run.
  Z2_TRY_VOID(run.writeConfig());
  Z2_TRY_VOID(run.addEvent("created"));
  return run;
}

Result<RunDirectory> RunDirectory::createImported(const fs::path& path, const RunConfig& config,
                                                  const RunOrigin& origin,
                                                  const std::string& created,
                                                  const RunStatus& status) {
  if (exists(path)) return badInput(path.native(), "there is a run already in this directory");
  Z2_TRY_VOID(makeFolders(path));
  RunDirectory run(path, config, created);
  run.origin_ = origin;
  Z2_TRY_VOID(run.writeStatus(status));
  Z2_TRY_VOID(run.writeConfig());
  return run;
}

Result<RunDirectory> RunDirectory::open(const fs::path& path) {
  if (!exists(path))
    return badInput(path.native(), "this is not a run: there is no run.json in it",
                    "Give the directory that `z2all run new --dir` made");
  std::error_code failure;
  fs::path absolute = fs::absolute(path, failure).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  const fs::path file = absolute / "run.json";
  Z2_TRY(const Json content, readJsonFile(file));
  const auto member = [&](const char* name) {
    return content.is_object() && content.contains(name) ? content[name] : Json();
  };
  const Json version = member("schema_version");
  if (!version.is_number_integer())
    return corrupt(file.native(), "this is not the configuration of a run", "");
  if (version.get<int>() > kSchemaVersion)
    return badInput(
        file.native(),
        fmt::format("it was made by a newer program (schema version {})", version.get<int>()),
        "Update this program");
  Z2_TRY(const Task task,
         parseTask(member("task").is_string() ? member("task").get<std::string>() : std::string()));
  auto config = RunConfig::make(task, migrated(member("config"), version.get<int>()));
  if (!config) {
    Error error = std::move(config).error();
    error.where = file.native();
    return tl::unexpected(std::move(error));
  }
  const Json created = member("created");
  RunDirectory run(absolute, std::move(*config),
                   created.is_string() ? created.get<std::string>() : std::string());
  if (const Json imported = member("imported"); !imported.is_null()) {
    Z2_TRY(run.origin_, parseRunOrigin(imported, file.native()));
  }
  return run;
}

bool RunDirectory::knows(std::string_view key) const {
  if (!origin_) return true;
  return std::find(origin_->keys.begin(), origin_->keys.end(), key) != origin_->keys.end();
}

Result<void> RunDirectory::writeConfig() const {
  Json content = {{"schema_version", kSchemaVersion},
                  {"task", nameOf(config_.task())},
                  {"created", created_},
                  {"config", config_.toJson()}};
  if (origin_) content["imported"] = toJson(*origin_);
  return writeJsonFile(path_ / "run.json", content);
}

Result<RunStatus> RunDirectory::readStatus() const { return readRunStatus(path_ / "status.json"); }

Result<void> RunDirectory::writeStatus(const RunStatus& status) const {
  return writeJsonFile(path_ / "status.json", toJson(status));
}

Result<void> RunDirectory::beat(const RunStatus& status) const {
  const fs::path file = path_ / "status.json";
  const fs::path temporary = path_ / fmt::format("status.json.beat-{}", ::getpid());
  Z2_TRY(FileHandle handle, openFile(temporary, O_WRONLY | O_CREAT | O_TRUNC));
  auto done = writeAll(handle, jsonLine(toJson(status)) + "\n", temporary);
  if (done) done = handle.close(temporary);
  if (done && ::rename(temporary.c_str(), file.c_str()) != 0)
    done = systemError(errno, "replacing", file.native());
  if (!done) ::unlink(temporary.c_str());
  return done;
}

Result<void> RunDirectory::addEvent(std::string_view event, Json details) const {
  Json line = {{"time", unixSeconds()}, {"event", event}};
  line.update(details);
  return appendLine(events(), jsonLine(line), true);
}

Result<void> RunDirectory::change(const std::vector<std::string>& settings) {
  if (origin_ && !settings.empty())
    return badInput(path_.native(), "an imported run cannot be changed: it has no checkpoints");
  for (const std::string& setting : settings) {
    const std::string key = setting.substr(0, setting.find('='));
    if (key == "train.steps")
      return badInput(key, "the length of a run is changed by extending it", "Give --steps N");
    if (const Field* field = findField(key); field != nullptr && !field->mayChangeOnResume)
      return badInput(key, "the state of a run's checkpoints depends on this key",
                      "It stays as it is; make a new run with model.init_from=" + path_.native());
  }
  Z2_TRY(RunConfig changed, RunConfig::make(config_.task(), config_.toJson(), settings));
  Json changes = Json::object();
  for (const ConfigDifference& one : differences(config_, changed))
    changes[one.key] = {{"from", one.first}, {"to", one.second}};
  if (changes.empty()) return {};
  config_ = std::move(changed);
  Z2_TRY_VOID(writeConfig());
  return addEvent("changed", changes);
}

Result<void> RunDirectory::extend(int64_t steps) {
  if (origin_)
    return badInput(path_.native(), "an imported run cannot be extended: it has no checkpoints");
  const int64_t before = config_.integer("train.steps");
  if (steps == before) return {};
  if (steps < before)
    return badInput("--steps",
                    fmt::format("{} are fewer than the {} the run was made for", steps, before),
                    "A run can be extended, not shortened; `z2all run stop` ends it early");
  Z2_TRY(config_,
         RunConfig::make(config_.task(), config_.toJson(), {fmt::format("train.steps={}", steps)}));
  Z2_TRY_VOID(writeConfig());
  return addEvent("extended", {{"from", before}, {"to", steps}});
}

}  // namespace z2
