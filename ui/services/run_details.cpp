#include "ui/services/run_details.h"

#include <algorithm>
#include <string_view>

#include "core/checkpoint/manifest.h"
#include "core/config/schema.h"
#include "core/io/files.h"
#include "core/run/run_directory.h"
#include "core/run/run_report.h"

namespace z2::ui {

namespace {

std::vector<EventRow> readEvents(const std::filesystem::path& file) {
  std::vector<EventRow> events;
  const auto text = readFile(file);
  if (!text) return events;
  for (std::string_view rest = *text; !rest.empty();) {
    const size_t end = rest.find('\n');
    auto line = parseJson(rest.substr(0, end), "events.jsonl");
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (!line || !line->is_object() || !line->contains("event") || !(*line)["event"].is_string())
      continue;
    EventRow row;
    row.event = (*line)["event"].get<std::string>();
    if (const auto time = line->find("time"); time != line->end() && time->is_number())
      row.time = time->get<double>();
    if (const auto step = line->find("step"); step != line->end() && step->is_number_integer())
      row.step = step->get<int64_t>();
    for (const char* told : {"time", "event", "step"}) line->erase(told);
    row.details = *std::move(line);
    events.push_back(std::move(row));
  }
  return events;
}

std::vector<CheckpointRow> readCheckpoints(const std::filesystem::path& folder) {
  std::vector<CheckpointRow> rows;
  for (const int64_t step : checkpointSteps(folder)) {
    CheckpointRow row{.step = step, .score = {}, .bytes = 0, .folder = {}, .problem = {}};
    row.folder = folder / ("step_" + std::to_string(step));
    const auto path = row.folder / kManifestName;
    const auto text = readFile(path);
    const auto manifest = text ? parseManifest(*text, path) : tl::unexpected(text.error());
    if (manifest) {
      row.score = manifest->score;
      for (const ManifestFile& file : manifest->files) row.bytes += file.bytes;
    } else {
      row.problem = manifest.error().text();
    }
    rows.push_back(std::move(row));
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace

RunDetails readRunDetails(const std::filesystem::path& path) {
  RunDetails details;
  details.events = readEvents(path / "events.jsonl");
  details.checkpoints = readCheckpoints(path / "ckpt");
  const auto run = RunDirectory::open(path);
  if (!run) {
    details.problem = run.error().text();
    return details;
  }
  for (const Field& field : schema()) {
    if (!field.appliesTo(run->config().task())) continue;
    details.config.push_back({.key = std::string(field.key),
                              .value = run->config().value(field.key),
                              .isChanged = !run->config().isDefault(field.key)});
  }
  return details;
}

}  // namespace z2::ui
