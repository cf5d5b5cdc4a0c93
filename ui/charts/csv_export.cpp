#include "ui/charts/csv_export.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "core/io/files.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

void addRows(std::string& out, const CurveItem& item, XAxis axis,
             const std::optional<AxisRange>& x) {
  const auto lock = item.source->lock();
  const CurveTable& table = item.source->curves().current();
  const CurveSeries* series = item.source->curves().series(item.metric);
  if (series == nullptr) return;
  const std::string name = quoted(toUtf8(item.label)) + "," + quoted(item.metric) + ",";
  for (size_t i = 0; i < series->size(); ++i) {
    const uint32_t row = series->rowOf(i);
    if (x && !x->contains(table.x(axis, row))) continue;
    fmt::format_to(std::back_inserter(out), "{}{},{},{:.3f},{},", name, table.step(row),
                   table.tokens(row), table.time(row), series->raw().values[i]);
    if (const CurveSeries::Curve* smooth = series->smooth())
      fmt::format_to(std::back_inserter(out), "{}", smooth->values[i]);
    out += '\n';
  }
}

}  // namespace

Result<void> writeCsv(const std::filesystem::path& file, const std::vector<CurveItem>& items,
                      XAxis axis, const std::optional<AxisRange>& x) {
  std::string out = "run,metric,step,tokens,time,value,smoothed\n";
  for (const CurveItem& item : items)
    if (item.source != nullptr) addRows(out, item, axis, x);
  return replaceFile(file, out);
}

}  // namespace z2::ui
