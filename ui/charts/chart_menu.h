#pragma once

// What can be done with one chart: export it, give it its own axis.

#include <functional>

#include <QPoint>

#include "core/base/error.h"
#include "ui/charts/chart_group.h"

namespace z2::ui {

class CurveView;

// Shows the menu and does what was chosen. `failed` hears why a file could not be written.
void showChartMenu(CurveView& view, ChartGroup& group, const QPoint& globalPosition,
                   const std::function<void(const Error&)>& failed);

}  // namespace z2::ui
