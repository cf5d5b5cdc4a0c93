#include "core/run_import/event_import.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/format.h"
#include "core/io/files.h"
#include "core/io/tf_record.h"
#include "core/run_import/event_file.h"
#include "core/run_import/foreign_names.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// Numbers of one step share a row when they came within this time.
constexpr double kRowSeconds = 1.0;

bool isNamedLikeEvents(const fs::path& file) {
  return file.filename().native().find("tfevents") != std::string::npos;
}

Result<std::vector<fs::path>> eventFilesOf(const fs::path& source) {
  std::error_code failure;
  if (!fs::is_directory(source, failure)) return std::vector<fs::path>{source};
  std::vector<fs::path> files;
  std::string below;
  for (fs::directory_iterator entry(source, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code ignored;
    if (fs::is_directory(entry->path(), ignored)) {
      if (holdsEventFiles(entry->path())) below += " " + entry->path().filename().native();
    } else if (isNamedLikeEvents(entry->path())) {
      files.push_back(entry->path());
    }
  }
  if (failure) return badInput(source.native(), "this folder cannot be read: " + failure.message());
  std::sort(files.begin(), files.end());
  if (files.empty())
    return badInput(source.native(), "there is no event file (…tfevents…) in this folder",
                    below.empty() ? "" : "Import one of its subfolders:" + below);
  return files;
}

// What files hold that were written at the same time, or one after another with different tags.
struct Group {
  std::vector<EventScalar> scalars;  // tags are indices into EventRun::tags
  double lastTime = 0;
};

// The scalars of all files, with one list of tags.
struct EventRun {
  std::vector<std::string> tags;
  std::vector<Group> groups;
};

bool sharesTag(const Group& group, const std::vector<EventScalar>& scalars, size_t tags) {
  std::vector<bool> isThere(tags);
  for (const EventScalar& scalar : group.scalars) isThere[scalar.tag] = true;
  return std::any_of(scalars.begin(), scalars.end(),
                     [&](const EventScalar& scalar) { return isThere[scalar.tag]; });
}

double lastTimeOf(const std::vector<EventScalar>& scalars) {
  double last = 0;
  for (const EventScalar& scalar : scalars) last = std::max(last, scalar.time);
  return last;
}

EventRun gather(std::vector<EventFile>& files) {
  EventRun run;
  std::map<std::string, uint32_t> indices;
  std::erase_if(files, [](const EventFile& file) { return file.scalars.empty(); });
  std::stable_sort(files.begin(), files.end(), [](const EventFile& a, const EventFile& b) {
    return a.scalars.front().time < b.scalars.front().time;
  });
  for (EventFile& file : files) {
    std::vector<uint32_t> indexOf;
    for (const std::string& tag : file.tags) {
      const auto [known, isNew] = indices.emplace(tag, static_cast<uint32_t>(run.tags.size()));
      if (isNew) run.tags.push_back(tag);
      indexOf.push_back(known->second);
    }
    for (EventScalar& scalar : file.scalars) scalar.tag = indexOf[scalar.tag];
    const bool isLater =
        !run.groups.empty() && file.scalars.front().time >= run.groups.back().lastTime;
    if (run.groups.empty() ||
        (isLater && sharesTag(run.groups.back(), file.scalars, run.tags.size())))
      run.groups.emplace_back();
    Group& group = run.groups.back();
    group.lastTime = std::max(group.lastTime, lastTimeOf(file.scalars));
    const bool isFirst = group.scalars.empty();
    group.scalars.insert(group.scalars.end(), file.scalars.begin(), file.scalars.end());
    if (!isFirst)
      std::stable_sort(group.scalars.begin(), group.scalars.end(),
                       [](const EventScalar& a, const EventScalar& b) { return a.time < b.time; });
    file.scalars = {};
  }
  return run;
}

// Turns scalars, one after another, into rows.
class Rows {
 public:
  Rows(RunWriter& writer, const std::vector<std::string>& names)
      : writer_(writer), names_(names), lastStep_(names.size(), INT64_MIN), row_(names.size(), 0) {}

  void beginAttempt() {
    ++attempt_;
    std::fill(lastStep_.begin(), lastStep_.end(), INT64_MIN);
  }
  Result<void> take(const EventScalar& scalar) {
    const bool isBack = scalar.step < lastStep_[scalar.tag];
    if (isBack || !isOpen_ || scalar.step != step_ || scalar.time - time_ > kRowSeconds ||
        row_[scalar.tag] == rowNumber_) {
      Z2_TRY_VOID(close());
      if (isBack) beginAttempt();
      open(scalar);
    }
    row_[scalar.tag] = rowNumber_;
    lastStep_[scalar.tag] = scalar.step;
    if (scalar.isFloat)
      writer_.put(names_[scalar.tag], static_cast<float>(scalar.value));
    else
      writer_.put(names_[scalar.tag], scalar.value);
    return {};
  }
  Result<void> close() {
    if (!std::exchange(isOpen_, false)) return {};
    return writer_.endRow();
  }

 private:
  void open(const EventScalar& scalar) {
    writer_.beginRow(attempt_, scalar.step, scalar.time);
    step_ = scalar.step;
    time_ = scalar.time;
    ++rowNumber_;
    isOpen_ = true;
  }

  RunWriter& writer_;
  const std::vector<std::string>& names_;
  std::vector<int64_t> lastStep_;  // of each tag in this attempt
  std::vector<uint64_t> row_;      // in which each tag stood last
  uint64_t rowNumber_ = 0;
  int attempt_ = 0;
  bool isOpen_ = false;
  int64_t step_ = 0;
  double time_ = 0;
};

Result<void> takeTexts(const std::vector<EventFile>& files, RunWriter& writer) {
  for (const EventFile& file : files)
    for (const EventText& text : file.texts)
      Z2_TRY_VOID(writer.addEvent(text.time, "text",
                                  {{"step", text.step}, {"tag", text.tag}, {"text", text.text}}));
  return {};
}

void addLeftOut(const std::vector<EventFile>& files, ImportReport& report) {
  std::map<std::string, LeftOut> kinds;
  for (const EventFile& file : files)
    for (const auto& [what, count] : file.other) {
      LeftOut& one = kinds[what];
      const size_t colon = what.find(": ");
      one.what = what.substr(0, colon);
      one.where = what.substr(colon + 2);
      one.count += count;
    }
  for (auto& [what, one] : kinds) report.leftOut.push_back(std::move(one));
  std::stable_sort(report.leftOut.begin(), report.leftOut.end(),
                   [](const LeftOut& a, const LeftOut& b) { return a.count > b.count; });
}

Result<std::vector<EventFile>> readAll(const std::vector<fs::path>& paths, bool passesDamage,
                                       ImportReport& report) {
  std::vector<EventFile> files;
  for (const fs::path& path : paths) {
    Z2_TRY(const MappedFile mapped, MappedFile::open(path));
    Z2_TRY(EventFile file, readEventFile(mapped.text(), path.native(), passesDamage));
    report.records += file.records;
    if (file.tornBytes > 0)
      report.notes.push_back(fmt::format("{} ends within a record ({} bytes): it was being written",
                                         path.filename().native(), file.tornBytes));
    if (!file.damage.empty()) report.notes.push_back("passed over: " + file.damage);
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> writeRows(const EventRun& run, const std::vector<std::string>& names,
                       RunWriter& writer) {
  Rows rows(writer, names);
  for (const Group& group : run.groups) {
    Z2_TRY_VOID(rows.close());
    rows.beginAttempt();
    for (const EventScalar& scalar : group.scalars) Z2_TRY_VOID(rows.take(scalar));
  }
  return rows.close();
}

}  // namespace

bool looksLikeEventFile(std::string_view beginning) { return TfRecordReader::isStart(beginning); }

bool holdsEventFiles(const fs::path& folder) {
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (isNamedLikeEvents(entry->path())) return true;
  return false;
}

Result<void> importEventFiles(const ImportOptions& options, RunWriter& writer,
                              ImportReport& report) {
  Z2_TRY(const std::vector<fs::path> paths, eventFilesOf(options.source));
  Z2_TRY(std::vector<EventFile> files, readAll(paths, options.passesDamage, report));
  Z2_TRY_VOID(takeTexts(files, writer));
  addLeftOut(files, report);
  const EventRun run = gather(files);
  std::vector<std::string> names = run.tags;
  const auto renames =
      options.keepsNames ? std::map<std::string, std::string>() : renamesFor(names);
  RunOrigin origin{.format = "tensorboard",
                   .files = {},
                   .time = {},
                   .keys = {},
                   .details = Json::object(),
                   .renamed = {}};
  for (std::string& name : names)
    if (const auto ours = renames.find(name); ours != renames.end()) {
      origin.renamed.emplace_back(ours->second, name);
      name = ours->second;
    }
  Z2_TRY_VOID(writeRows(run, names, writer));
  std::error_code ignored;
  for (const fs::path& path : paths)
    origin.files.push_back(fs::absolute(path, ignored).lexically_normal().native());
  for (const LeftOut& one : report.leftOut)
    Z2_TRY_VOID(writer.addEvent(writer.lastTime(), "not_understood",
                                {{"count", one.count}, {"what", one.what}, {"where", one.where}}));
  for (const std::string& note : report.notes)
    Z2_TRY_VOID(writer.addEvent(writer.lastTime(), "warning", {{"text", note}}));
  // Nothing is known of the configuration; the steps are those that were logged.
  const int64_t steps = std::clamp<int64_t>(writer.lastStep(), 1, 1'000'000'000);
  Z2_TRY(const RunConfig config,
         RunConfig::make(Task::kPretrain, {{"model.preset", "custom"}, {"train.steps", steps}}));
  return writer.finish(config, std::move(origin), report);
}

}  // namespace z2
