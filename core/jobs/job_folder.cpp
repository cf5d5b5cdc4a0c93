#include "core/jobs/job_folder.h"

#include <cstdint>
#include <system_error>
#include <utility>

#include <fcntl.h>

#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kFileLimit = uint64_t{1} << 20;

// A file that is not there, or not as we write it, says nothing.
Json objectIn(const fs::path& path) {
  auto value = readJsonFile(path, kFileLimit);
  return value && value->is_object() ? *std::move(value) : Json::object();
}

int64_t integerOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

bool areTexts(const Json& value) {
  if (!value.is_array()) return false;
  for (const Json& item : value)
    if (!item.is_string()) return false;
  return true;
}

void mark(const fs::path& path) {
  [[maybe_unused]] const auto ignored = openFile(path, O_WRONLY | O_CREAT);
}

bool isThere(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

}  // namespace

Result<void> JobFolder::writeSpec(const JobSpec& spec) const {
  Z2_TRY_VOID(makeFolders(path_));
  return writeJsonFile(path_ / "job.json", {{"kind", spec.kind},
                                            {"title", spec.title},
                                            {"arguments", spec.arguments},
                                            {"started_at", spec.startedAt}});
}

Result<JobSpec> JobFolder::readSpec() const {
  const fs::path file = path_ / "job.json";
  Z2_TRY(const Json json, readJsonFile(file, kFileLimit));
  const bool isWhole = json.is_object() && json.contains("kind") && json["kind"].is_string() &&
                       json.contains("title") && json["title"].is_string() &&
                       json.contains("arguments") && areTexts(json["arguments"]) &&
                       json.contains("started_at") && json["started_at"].is_number();
  if (!isWhole) return corrupt(file.native(), "this is not a job of z2all");
  return JobSpec{.kind = json["kind"].get<std::string>(),
                 .title = json["title"].get<std::string>(),
                 .arguments = json["arguments"].get<std::vector<std::string>>(),
                 .startedAt = json["started_at"].get<double>()};
}

Result<void> JobFolder::writeKeeper(const ProcessId& keeper) const {
  return writeJsonFile(path_ / "keeper.json",
                       {{"pid", keeper.pid}, {"start_ticks", keeper.startTicks}});
}

std::optional<ProcessId> JobFolder::keeper() const {
  const Json json = objectIn(path_ / "keeper.json");
  const ProcessId keeper{.pid = integerOf(json, "pid"),
                         .startTicks = static_cast<uint64_t>(integerOf(json, "start_ticks"))};
  if (keeper.pid <= 0) return std::nullopt;
  return keeper;
}

Result<void> JobFolder::writeEnd(const ProcessEnd& end) const {
  Json json = Json::object();
  if (end.code)
    json["code"] = *end.code;
  else
    json["signal"] = end.signal;
  return writeJsonFile(path_ / "end.json", json);
}

std::optional<ProcessEnd> JobFolder::end() const {
  const Json json = objectIn(path_ / "end.json");
  ProcessEnd end;
  if (json.contains("code"))
    end.code = static_cast<int>(integerOf(json, "code"));
  else if (json.contains("signal"))
    end.signal = static_cast<int>(integerOf(json, "signal"));
  else
    return std::nullopt;
  return end;
}

void JobFolder::markCancelled() const { mark(path_ / "cancelled"); }
bool JobFolder::isCancelled() const { return isThere(path_ / "cancelled"); }

void JobFolder::markTold() const { mark(path_ / "told"); }
bool JobFolder::isTold() const { return isThere(path_ / "told"); }

}  // namespace z2
