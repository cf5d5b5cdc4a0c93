#include "core/run_import/run_writer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/run/run_directory.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kFlushBytes = size_t{1} << 20;

std::string utcText(double unixSeconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds{static_cast<int64_t>(std::clamp(unixSeconds, 0.0, 2.5e11))}};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

// Members that each row has, which a metric of that name must not replace.
bool isBookkeeping(std::string_view name) {
  return name == "seq" || name == "attempt" || name == "step" || name == "time";
}

}  // namespace

Result<void> RunWriter::Output::flush() {
  Z2_TRY_VOID(writeAll(file, pending, path));
  pending.clear();
  return {};
}

Result<void> RunWriter::Output::flushWhenLarge() {
  if (pending.size() < kFlushBytes) return {};
  return flush();
}

Result<RunWriter> RunWriter::begin(const fs::path& output) {
  std::error_code failure;
  fs::path place = fs::absolute(output, failure).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  if (fs::exists(place, failure) &&
      !(fs::is_directory(place, failure) && fs::is_empty(place, failure)))
    return badInput(place.native(), "there is something in this place already",
                    "Choose a folder for the run that does not exist yet");
  Z2_TRY_VOID(makeFolders(place.parent_path()));
  const fs::path stage =
      place.parent_path() / fmt::format(".{}.importing-{}", place.filename().native(), ::getpid());
  Z2_TRY_VOID(makeFolders(stage));
  RunWriter writer(place, stage);
  for (auto [part, name] :
       {std::pair(&writer.metrics_, "metrics.jsonl"), std::pair(&writer.events_, "events.jsonl")}) {
    part->path = stage / name;
    Z2_TRY(part->file, openFile(part->path, O_WRONLY | O_CREAT | O_TRUNC));
  }
  return writer;
}

RunWriter::RunWriter(RunWriter&& other) noexcept
    : output_(std::move(other.output_)),
      stage_(std::exchange(other.stage_, {})),
      metrics_(std::move(other.metrics_)),
      events_(std::move(other.events_)),
      names_(std::move(other.names_)),
      rows_(other.rows_),
      attempt_(other.attempt_),
      firstStep_(other.firstStep_),
      lastStep_(other.lastStep_),
      firstTime_(other.firstTime_),
      lastTime_(other.lastTime_) {}

RunWriter::~RunWriter() {
  if (stage_.empty()) return;
  std::error_code ignored;
  fs::remove_all(stage_, ignored);
}

void RunWriter::beginRow(int attempt, int64_t step, double time) {
  if (rows_ == 0) {
    firstStep_ = step;
    firstTime_ = time;
  }
  attempt_ = attempt;
  firstStep_ = std::min(firstStep_, step);
  lastStep_ = std::max(lastStep_, step);
  lastTime_ = std::max(lastTime_, time);
  fmt::format_to(std::back_inserter(metrics_.pending),
                 R"({{"seq":{},"attempt":{},"step":{},"time":{})", rows_, attempt, step,
                 std::isfinite(time) ? time : 0.0);
}

void RunWriter::putText(std::string_view name, std::string_view number) {
  auto known = names_.find(name);
  if (known == names_.end()) {
    const std::string metric = (isBookkeeping(name) ? "metric/" : "") + std::string(name);
    known = names_.emplace(name, fmt::format(",{}:", jsonLine(Json(metric)))).first;
  }
  metrics_.pending += known->second;
  metrics_.pending += number;
}

void RunWriter::put(std::string_view name, double value) {
  putText(name, std::isfinite(value) ? fmt::format("{}", value) : "null");
}

void RunWriter::put(std::string_view name, float value) {
  putText(name, std::isfinite(value) ? fmt::format("{}", value) : "null");
}

void RunWriter::put(std::string_view name, int64_t value) {
  putText(name, fmt::format("{}", value));
}

Result<void> RunWriter::endRow() {
  metrics_.pending += "}\n";
  ++rows_;
  return metrics_.flushWhenLarge();
}

Result<void> RunWriter::addEvent(double time, std::string_view event, Json details) {
  Json line = {{"time", time}, {"event", event}};
  line.update(details);
  events_.pending += jsonLine(line) + "\n";
  return events_.flushWhenLarge();
}

Result<void> RunWriter::writeLog(std::string_view text) {
  const fs::path path = stage_ / "engine.log";
  Z2_TRY(FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  Z2_TRY_VOID(writeAll(file, text, path));
  return file.close(path);
}

Result<void> RunWriter::finish(const RunConfig& config, RunOrigin origin, ImportReport& report) {
  if (rows_ == 0)
    return badInput(origin.files.empty() ? std::string() : origin.files.front(),
                    "there is no metric with a step in it, so there is nothing to import");
  origin.time = utcNow();
  Z2_TRY_VOID(addEvent(unixSeconds(), "imported",
                       {{"format", origin.format},
                        {"files", origin.files},
                        {"rows", rows_},
                        {"not_understood", report.leftOutCount()}}));
  for (Output* part : {&metrics_, &events_}) {
    Z2_TRY_VOID(part->flush());
    Z2_TRY_VOID(syncFile(part->file, part->path));
    Z2_TRY_VOID(part->file.close(part->path));
  }
  // Nothing in the source says that the run reached its end.
  RunStatus status;
  status.state = RunState::kStopped;
  status.step = lastStep_;
  status.steps = std::max(config.integer("train.steps"), lastStep_);
  status.attempt = attempt_;
  Z2_TRY(const RunDirectory run,
         RunDirectory::createImported(stage_, config, origin, utcText(firstTime_), status));
  if (std::rename(stage_.c_str(), output_.c_str()) != 0)
    return systemError(errno, "moving the run to its place", output_.native());
  stage_.clear();
  Z2_TRY_VOID(syncFolder(output_.parent_path()));
  report.format = origin.format;
  report.files = origin.files;
  report.run = output_;
  report.rows = rows_;
  report.attempts = attempt_;
  report.firstStep = firstStep_;
  report.lastStep = lastStep_;
  report.keys = origin.keys;
  for (const auto& [name, text] : names_) report.metrics.push_back(name);
  for (const auto& [name, original] : origin.renamed) report.renamed[name] = original;
  return {};
}

}  // namespace z2
