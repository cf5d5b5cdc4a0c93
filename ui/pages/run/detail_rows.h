#pragma once

// A run's configuration, events and checkpoints as rows of tables, and events as marks of charts.

#include <vector>

#include "ui/charts/curve_item.h"
#include "ui/models/text_table_model.h"
#include "ui/services/run_details.h"

namespace z2::ui {

// Key, label, value; what differs from the preset is bold.
[[nodiscard]] std::vector<TableRow> configRows(const RunDetails& details, bool onlyChanged);
[[nodiscard]] std::vector<TableRow> eventRows(const RunDetails& details);  // the newest first
[[nodiscard]] std::vector<TableRow> checkpointRows(const RunDetails& details);
[[nodiscard]] std::vector<CurveMark> marksOf(const RunDetails& details);
// A value of the configuration as people read it.
[[nodiscard]] QString valueText(const Json& value);

}  // namespace z2::ui
