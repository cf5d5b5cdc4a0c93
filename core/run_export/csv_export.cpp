#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/io/files.h"
#include "core/run/metrics_reader.h"
#include "core/run_export/export_run.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

std::string cellOf(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string headerOf(const MetricNames& names) {
  std::string line = "step,attempt,time";
  for (uint32_t i = 0; i < names.size(); ++i) line += "," + cellOf(names[i]);
  return line + "\n";
}

// The row's reader numbers the metrics in another order than `columns`.
std::string lineOf(const MetricsRow& row, const MetricNames& columns) {
  std::vector<std::string> cells(columns.size());
  for (const MetricValue& one : row.values)
    if (const auto column = columns.find((*row.names)[one.metric]))
      cells[*column] = std::isfinite(one.value) ? fmt::format("{}", one.value) : "nan";
  std::string text = fmt::format("{},{},{}", row.step, row.attempt, row.time);
  for (const std::string& cell : cells) text += "," + cell;
  return text + "\n";
}

}  // namespace

Result<ExportReport> exportCsv(const RunDirectory& run, const fs::path& file) {
  std::error_code failure;
  if (fs::exists(file, failure))
    return badInput(file.native(), "there is something in this place already",
                    "Choose a file that does not exist yet");
  MetricNames columns;
  MetricsReader first(run.metrics());
  Z2_TRY_VOID(first.poll([&](const MetricsRow& row) {
    for (const MetricValue& one : row.values) columns.numberOf((*row.names)[one.metric]);
  }));
  if (first.rows() == 0)
    return badInput(run.metrics().native(), "there is no metric in this run yet");
  ExportReport report;
  std::string text = headerOf(columns);
  MetricsReader second(run.metrics());
  // A run at work may have more rows by now; what came before stays one table.
  Z2_TRY_VOID(second.poll([&](const MetricsRow& row) {
    if (report.rows == first.rows()) return;
    text += lineOf(row, columns);
    report.values += row.values.size();
    ++report.rows;
  }));
  Z2_TRY_VOID(replaceFile(file, text));
  report.files.push_back(file);
  return report;
}

}  // namespace z2
