#pragma once

// What the charts of a page have in common: the stretch of x they show, the crosshair, the choices,
// and whose turn it is to draw.

#include <deque>
#include <optional>

#include <QObject>
#include <QTimer>

#include "ui/charts/curve_item.h"

namespace z2::ui {

class CurveView;

class ChartGroup : public QObject {
  Q_OBJECT

 public:
  explicit ChartGroup(QObject* parent = nullptr);

  [[nodiscard]] const CurveOptions& options() const { return options_; }
  void setOptions(const CurveOptions& options);

  // The x of all points there are. While live, what is shown grows with it.
  void setWhole(const AxisRange& whole);
  [[nodiscard]] const AxisRange& shown() const { return shown_; }
  // Zooms or pans. A stretch that reaches the newest point goes on following it.
  void show(AxisRange range);
  void showAll();
  // The same width, at the newest point.
  void goLive();
  [[nodiscard]] bool isLive() const { return isLive_; }
  [[nodiscard]] bool showsAll() const { return showsAll_; }

  [[nodiscard]] std::optional<double> crosshair() const { return crosshair_; }
  void setCrosshair(std::optional<double> x);

  // Draws `view` soon, one view an event, so that the window answers in between.
  void schedule(CurveView* view);
  void forget(CurveView* view);
  [[nodiscard]] bool isSettled() const { return due_.empty(); }

 Q_SIGNALS:
  void viewChanged();  // options or the range
  void crosshairMoved();
  void liveChanged(bool isLive);

 private:
  void apply(const AxisRange& range, bool isLive);
  void drawNext();

  CurveOptions options_;
  AxisRange whole_;
  AxisRange shown_;
  bool isLive_ = true;
  bool showsAll_ = true;
  std::optional<double> crosshair_;
  std::deque<CurveView*> due_;
  QTimer turn_;
};

}  // namespace z2::ui
