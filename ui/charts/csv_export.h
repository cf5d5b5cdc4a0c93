#pragma once

// The points of a chart as a table.

#include <filesystem>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "ui/charts/curve_item.h"

namespace z2::ui {

// run,metric,step,tokens,time,value,smoothed: a line a point of the rows that count; `x`: only the
// points in it. Replaces `file` when all is written. NaN and infinities are written so.
[[nodiscard]] Result<void> writeCsv(const std::filesystem::path& file,
                                    const std::vector<CurveItem>& items, XAxis axis,
                                    const std::optional<AxisRange>& x);

}  // namespace z2::ui
