#include "ui/charts/chart_group.h"

#include <algorithm>

#include "ui/charts/curve_view.h"

namespace z2::ui {

ChartGroup::ChartGroup(QObject* parent) : QObject(parent) {
  turn_.setSingleShot(true);
  turn_.setInterval(0);
  connect(&turn_, &QTimer::timeout, this, &ChartGroup::drawNext);
}

void ChartGroup::setOptions(const CurveOptions& options) {
  const bool isOtherAxis = options.xAxis != options_.xAxis;
  options_ = options;
  if (isOtherAxis) {
    crosshair_.reset();
    showsAll_ = true;
    isLive_ = true;
    Q_EMIT liveChanged(true);
  }
  Q_EMIT viewChanged();
}

void ChartGroup::setWhole(const AxisRange& whole) {
  const AxisRange before = shown_;
  whole_ = whole;
  if (showsAll_)
    shown_ = whole;
  else if (isLive_)
    shown_ = {whole.end - shown_.span(), whole.end};
  if (before.begin != shown_.begin || before.end != shown_.end) Q_EMIT viewChanged();
}

void ChartGroup::show(AxisRange range) {
  // No deeper than doubles tell steps apart, no wider than all there is.
  const double least = std::max(whole_.span() * 1e-9, 1e-6);
  if (range.span() < least) {
    const double middle = (range.begin + range.end) / 2;
    range = {middle - least / 2, middle + least / 2};
  }
  const double slack = whole_.span() * 0.05;
  if (range.span() >= whole_.span() * 1.02) {
    showAll();
    return;
  }
  if (range.begin < whole_.begin - slack)
    range = {whole_.begin - slack, whole_.begin - slack + range.span()};
  if (range.end > whole_.end + slack)
    range = {whole_.end + slack - range.span(), whole_.end + slack};
  showsAll_ = false;
  apply(range, range.end >= whole_.end);
}

void ChartGroup::showAll() {
  showsAll_ = true;
  apply(whole_, true);
}

void ChartGroup::goLive() {
  if (showsAll_) return;
  apply({whole_.end - shown_.span(), whole_.end}, true);
}

void ChartGroup::apply(const AxisRange& range, bool isLive) {
  shown_ = range;
  const bool wasLive = isLive_;
  isLive_ = isLive;
  if (wasLive != isLive) Q_EMIT liveChanged(isLive);
  Q_EMIT viewChanged();
}

void ChartGroup::setCrosshair(std::optional<double> x) {
  if (crosshair_ == x) return;
  crosshair_ = x;
  Q_EMIT crosshairMoved();
}

void ChartGroup::schedule(CurveView* view) {
  if (std::find(due_.begin(), due_.end(), view) == due_.end()) due_.push_back(view);
  if (!turn_.isActive()) turn_.start();
}

void ChartGroup::forget(CurveView* view) {
  due_.erase(std::remove(due_.begin(), due_.end(), view), due_.end());
}

void ChartGroup::drawNext() {
  if (due_.empty()) return;
  CurveView* view = due_.front();
  due_.pop_front();
  view->renderNow();
  if (!due_.empty()) turn_.start();
}

}  // namespace z2::ui
