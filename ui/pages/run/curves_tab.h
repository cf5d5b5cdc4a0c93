#pragma once

// A run's metrics as live charts: the loss large, the others in a grid below it.

#include <memory>
#include <optional>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "ui/charts/chart_group.h"
#include "ui/charts/curve_item.h"

class QGridLayout;
class QLabel;

namespace z2::ui {

class ChartToolbar;
class CurveView;
class RunMetrics;
class Workbench;

class CurvesTab : public QWidget {
  Q_OBJECT

 public:
  CurvesTab(Workbench& workbench, QWidget* parent);

  void setRun(const std::filesystem::path& run);
  void setMarks(std::vector<CurveMark> marks);
  [[nodiscard]] bool isSettled() const;
  // Until step `steps`, at the speed of the last rows; empty while it cannot be said.
  [[nodiscard]] std::optional<double> secondsLeft(int64_t steps) const;
  [[nodiscard]] const std::vector<CurveView*>& views() const { return views_; }
  [[nodiscard]] ChartGroup& group() { return group_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void follow();
  void showMetrics();
  void makeViews(const QStringList& metrics);
  void showDamage();

  Workbench& workbench_;
  ChartGroup group_;
  ChartToolbar* toolbar_;
  QLabel* damage_;
  QWidget* content_;
  QGridLayout* grid_;
  std::shared_ptr<RunMetrics> metrics_;
  QStringList shown_;
  std::vector<CurveView*> views_;
  std::vector<CurveMark> marks_;
  QTimer rest_;  // after all charts were drawn
  bool isDue_ = false;
};

}  // namespace z2::ui
