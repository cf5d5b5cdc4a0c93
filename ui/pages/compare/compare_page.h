#pragma once

// Runs laid over each other: a chart a metric, numbers against a baseline, and what differs in
// their configurations.

#include <map>
#include <memory>
#include <vector>

#include "ui/charts/chart_group.h"
#include "ui/pages/page.h"
#include "ui/services/run_details.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QTabWidget;

namespace z2::ui {

class ChartToolbar;
class CurveView;
class EmptyState;
class RunLegend;
class RunMetrics;
class TableTab;

class ComparePage : public Page {
  Q_OBJECT

 public:
  explicit ComparePage(Workbench& workbench, QWidget* parent = nullptr);

  // Which runs; their colours follow this order.
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;
  [[nodiscard]] const std::vector<CurveView*>& views() const { return views_; }
  [[nodiscard]] RunLegend& legend() { return *legend_; }
  [[nodiscard]] TableTab& numbers() { return *numbers_; }
  [[nodiscard]] TableTab& configuration() { return *configuration_; }

 protected:
  void retranslate() override;
  void changeEvent(QEvent* event) override;

 private:
  struct Compared {
    QString name;
    std::shared_ptr<RunMetrics> metrics;
    RunDetails details;
    bool hasDetails = false;
    QStringList known;  // its metrics as they were last
  };
  void makeTabs();
  [[nodiscard]] QVBoxLayout* addTab(int margin);
  void lay(const QStringList& names);
  void showCurves();
  void makeViews(const QStringList& metrics);
  void setItems();
  void showNumbers();
  void showConfiguration();
  void readDetails(size_t index);
  [[nodiscard]] size_t baseline() const;

  std::vector<Compared> runs_;
  ChartGroup group_;
  RunLegend* legend_;
  QComboBox* baseline_;
  QLabel* baselineLabel_;
  EmptyState* empty_;
  QTabWidget* tabs_;
  ChartToolbar* toolbar_ = nullptr;
  QWidget* charts_ = nullptr;
  QGridLayout* grid_ = nullptr;
  TableTab* numbers_ = nullptr;  // it and what follows are made in parts
  TableTab* configuration_ = nullptr;
  QPushButton* onlyDifferences_ = nullptr;
  bool isAsked_ = false;  // for runs, which will be laid over each other
  QStringList metrics_;
  std::vector<QStringList> chartMetrics_;
  std::vector<CurveView*> views_;
};

}  // namespace z2::ui
