#pragma once

// The selected run at the right of the table: its loss, its figures, and what can be done with it.

#include <QFrame>

#include "ui/charts/chart_group.h"
#include "ui/services/workbench.h"

class QFormLayout;
class QGridLayout;
class QLabel;
class QPushButton;

namespace z2::ui {

class CurveView;
class RunActionBar;
class StateLabel;

class RunPane : public QFrame {
  Q_OBJECT

 public:
  static constexpr int kLeastWidth = 280;

  explicit RunPane(Workbench& workbench, QWidget* parent = nullptr);

  // Empty: none is selected.
  void setRun(const QString& name);
  void retranslate();
  // Whether the curve of the run is drawn.
  [[nodiscard]] bool isSettled() const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  enum Figure { kStep, kLoss, kValidation, kRate, kMfu, kCheckpoint, kMade, kFigures };

  void lay();
  void show(const RunSummary& run);
  void openCurve();
  void showCurve();

  Workbench& workbench_;
  QString name_;
  QWidget* all_;  // of a run; else nothing_
  QLabel* title_;
  StateLabel* state_;
  QLabel* problem_;
  RunActionBar* actions_;
  ChartGroup group_;
  CurveView* curve_;
  std::shared_ptr<RunMetrics> metrics_;
  QStringList drawn_;  // the metrics of the curve
  std::array<QLabel*, kFigures> names_{};
  std::array<QLabel*, kFigures> values_{};
  QPushButton* open_;
  QLabel* nothing_;
};

}  // namespace z2::ui
