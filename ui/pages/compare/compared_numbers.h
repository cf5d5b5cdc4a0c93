#pragma once

// Last, best, least and greatest of each metric of each run, against a baseline, and configurations
// side by side.

#include <memory>
#include <vector>

#include <QStringList>

#include "ui/charts/store/curve_source.h"
#include "ui/models/text_table_model.h"
#include "ui/services/run_details.h"

namespace z2::ui {

struct ComparedRun {
  QString title;
  std::shared_ptr<const CurveSource> source;
  const RunDetails* details = nullptr;
};

// A row a metric and run: metric, run, last, difference to the baseline's last, best, at step,
// least, greatest, points.
[[nodiscard]] std::vector<TableRow> numberRows(const std::vector<ComparedRun>& runs,
                                               const QStringList& metrics, size_t baseline);
// A row a key: label, then a value a run, bold where it differs from the baseline's.
[[nodiscard]] std::vector<TableRow> differenceRows(const std::vector<ComparedRun>& runs,
                                                   size_t baseline, bool onlyDifferences);
// "+0.12 (+3.4 %)".
[[nodiscard]] QString differenceText(double value, double base, std::string_view metric = {});

}  // namespace z2::ui
