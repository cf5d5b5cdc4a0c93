#include "core/run/run_list.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/io/files.h"
#include "core/run/run_directory.h"
#include "core/run/run_report.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// Rows at the end of the file that are searched for a metric's last value.
constexpr size_t kMaxRowsBack = 2000;

// Calls `visit` with whole lines from the last backwards until it returns false.
template <typename Visit>
void eachLineFromTheEnd(std::string_view text, Visit visit) {
  size_t end = text.rfind('\n');
  for (size_t count = 0; end != std::string_view::npos && count < kMaxRowsBack; ++count) {
    const size_t before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const size_t start = before == std::string_view::npos ? 0 : before + 1;
    if (!visit(text.substr(start, end - start))) return;
    end = before;
  }
}

Json entryOf(const fs::path& path) {
  Json entry = {{"name", path.filename().native()}, {"path", path.native()}};
  const auto run = RunDirectory::open(path);
  if (!run) {
    entry["error"] = run.error().text();
    return entry;
  }
  entry["task"] = nameOf(run->config().task());
  entry["created"] = run->created();
  const auto report = inspectRun(*run);
  if (!report) {
    entry["error"] = report.error().text();
    return entry;
  }
  entry.update(toJson(*report));
  const Json last = lastMetrics(run->metrics());
  entry["loss"] = last.is_null() ? Json() : last.value("loss", Json());
  entry["valid_loss"] = last.is_null() ? Json() : last.value("valid/loss", Json());
  entry["tok_s"] = last.is_null() ? Json() : last.value("tok_s", Json());
  return entry;
}

}  // namespace

Json lastMetrics(const fs::path& metricsFile) {
  Json last;
  const auto file = MappedFile::open(metricsFile);
  if (!file) return last;
  eachLineFromTheEnd(file->text(), [&](std::string_view line) {
    const auto row = parseJson(line, "");
    if (!row || !row->is_object()) return true;
    for (const auto& [name, value] : row->items())
      if (!last.contains(name)) last[name] = value;
    return !(last.contains("loss") && last.contains("valid/loss"));
  });
  return last;
}

Result<std::vector<Json>> listRuns(const fs::path& folder) {
  std::error_code failure;
  const fs::path inWorkspace = folder / "runs";
  const fs::path searched = fs::is_directory(inWorkspace, failure) ? inWorkspace : folder;
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(searched, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (RunDirectory::exists(entry->path()))
      found.push_back(fs::absolute(entry->path()).lexically_normal());
  if (failure)
    return badInput(searched.native(), "this folder cannot be read: " + failure.message(),
                    "Give a folder whose subfolders are runs");
  std::sort(found.begin(), found.end());
  std::vector<Json> all;
  for (const fs::path& path : found) all.push_back(entryOf(path));
  return all;
}

}  // namespace z2
