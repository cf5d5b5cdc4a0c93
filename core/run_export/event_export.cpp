#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/io/files.h"
#include "core/io/tf_record.h"
#include "core/io/wire_format.h"
#include "core/run/metrics_reader.h"
#include "core/run_export/export_run.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kFlushBytes = size_t{1} << 20;

// Event {wall_time = 1, step = 2, file_version = 3, summary = 5 {value = 1 {tag = 1,
// simple_value = 2}}, session_log = 7 {status = 1 (START)}}.
std::string versionEvent(double time) {
  WireWriter event;
  event.putDouble(1, time);
  event.putBytes(3, "brain.Event:2");
  return event.take();
}

// Tells TensorBoard that what is there from this step on is superseded.
std::string restartEvent(double time, int64_t step) {
  constexpr uint64_t kStart = 1;
  WireWriter session;
  session.putVarint(1, kStart);
  WireWriter event;
  event.putDouble(1, time);
  event.putVarint(2, static_cast<uint64_t>(step));
  event.putBytes(7, session.take());
  return event.take();
}

class EventExport {
 public:
  EventExport(const RunDirectory& run, fs::path folder) : folder_(std::move(folder)) {
    if (!run.origin()) return;
    for (const auto& [name, original] : run.origin()->renamed) originals_[name] = original;
  }

  Result<void> take(const MetricsRow& row) {
    if (!file_.isOpen() || row.attempt != attempt_) {
      Z2_TRY_VOID(close());
      Z2_TRY_VOID(openFor(row));
    }
    const std::string summary = summaryOf(row);
    if (summary.empty()) return {};
    WireWriter event;
    event.putDouble(1, row.time);
    event.putVarint(2, static_cast<uint64_t>(row.step));
    event.putBytes(5, summary);
    appendTfRecord(pending_, event.take());
    ++report.rows;
    return pending_.size() < kFlushBytes ? Result<void>() : flush();
  }
  Result<void> close() {
    if (!file_.isOpen()) return {};
    Z2_TRY_VOID(flush());
    Z2_TRY_VOID(syncFile(file_, path_));
    return file_.close(path_);
  }

  ExportReport report;

 private:
  Result<void> openFor(const MetricsRow& row) {
    attempt_ = row.attempt;
    // TensorBoard reads the files of a folder in the order of their names.
    path_ = folder_ / fmt::format("events.out.tfevents.{:010}.z2all.{:04}",
                                  static_cast<int64_t>(std::max(row.time, 0.0)), attempt_);
    Z2_TRY(file_, openFile(path_, O_WRONLY | O_CREAT | O_TRUNC));
    appendTfRecord(pending_, versionEvent(row.time));
    if (!report.files.empty()) appendTfRecord(pending_, restartEvent(row.time, row.step));
    report.files.push_back(path_);
    return {};
  }
  Result<void> flush() {
    Z2_TRY_VOID(writeAll(file_, pending_, path_));
    pending_.clear();
    return {};
  }
  std::string summaryOf(const MetricsRow& row) {
    WireWriter summary;
    for (const MetricValue& metric : row.values) {
      const std::string& name = (*row.names)[metric.metric];
      const auto original = originals_.find(name);
      WireWriter one;
      one.putBytes(1, original == originals_.end() ? name : original->second);
      one.putFloat(2, static_cast<float>(metric.value));
      summary.putBytes(1, one.take());
      ++report.values;
    }
    return summary.take();
  }

  fs::path folder_;
  std::map<std::string, std::string> originals_;
  fs::path path_;
  FileHandle file_;
  std::string pending_;
  int attempt_ = 0;
};

Result<ExportReport> exportInto(const RunDirectory& run, const fs::path& folder) {
  EventExport events(run, folder);
  MetricsReader reader(run.metrics());
  Result<void> outcome;
  Z2_TRY_VOID(reader.poll([&](const MetricsRow& row) {
    if (outcome) outcome = events.take(row);
  }));
  Z2_TRY_VOID(outcome);
  Z2_TRY_VOID(events.close());
  if (events.report.values == 0)
    return badInput(run.metrics().native(), "there is no metric in this run yet");
  return std::move(events.report);
}

}  // namespace

Result<ExportReport> exportEventFiles(const RunDirectory& run, const fs::path& folder) {
  std::error_code failure;
  fs::path place = fs::absolute(folder, failure).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  const bool isFree = !fs::exists(place, failure) ||
                      (fs::is_directory(place, failure) && fs::is_empty(place, failure));
  if (!isFree)
    return badInput(place.native(), "there is something in this place already",
                    "Choose a folder that does not exist yet");
  // Beside its place first, so that an export that fails leaves nothing.
  const fs::path stage =
      place.parent_path() / fmt::format(".{}.exporting-{}", place.filename().native(), ::getpid());
  Z2_TRY_VOID(makeFolders(stage));
  auto report = exportInto(run, stage);
  if (report && std::rename(stage.c_str(), place.c_str()) != 0)
    report = systemError(errno, "moving the export to its place", place.native());
  if (!report) {
    fs::remove_all(stage, failure);
    return report;
  }
  for (fs::path& file : report->files) file = place / file.filename();
  Z2_TRY_VOID(syncFolder(place.parent_path()));
  return report;
}

}  // namespace z2
