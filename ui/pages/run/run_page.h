#pragma once

// One run: its state and what can be done, its curves, and everything its directory holds.

#include <functional>
#include <optional>
#include <utility>

#include <QColor>
#include <QTimer>

#include "core/run/run_status.h"
#include "ui/pages/page.h"
#include "ui/services/run_details.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;

namespace z2::ui {

class CurvesTab;
class EmptyState;
class LogTab;
class RunActionBar;
class SamplesTab;
class TableTab;

class RunPage : public Page {
  Q_OBJECT

 public:
  explicit RunPage(Workbench& workbench, QWidget* parent = nullptr);

  // The first of `names`; a second one may name a tab: curves, log, samples, config,
  // checkpoints, events.
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;
  [[nodiscard]] const QString& run() const { return run_; }
  [[nodiscard]] CurvesTab& curves() { return *curves_; }

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  void showState();
  void readDetails();
  void readDetailsOfNewState();
  void showDetails();
  void showConfig();
  void showEvents();
  void showCheckpoints();
  void makeTabs();
  // A tab that `make` fills in a part of its own.
  void makeTab(std::function<QWidget*(QWidget* tab)> make);
  void makeCheckpointButtons();
  void sayDetails();
  [[nodiscard]] std::optional<int64_t> chosenStep() const;
  void exportChosen();
  void chooseCheckpoint(std::optional<int64_t> step);

  QString run_;
  RunDetails details_;
  std::pair<RunState, std::optional<int64_t>> seen_;  // state and last checkpoint
  bool isReading_ = false;
  bool hasDetails_ = false;
  QLabel* state_;
  QLabel* steps_;
  QProgressBar* progress_;
  QColor barColor_;
  RunActionBar* actions_;
  QLabel* problem_;
  QTabWidget* tabs_;
  EmptyState* empty_;
  CurvesTab* curves_;
  LogTab* log_ = nullptr;  // it and what follows are made in parts
  SamplesTab* samples_ = nullptr;
  TableTab* config_ = nullptr;
  QPushButton* onlyChanged_ = nullptr;
  TableTab* checkpoints_ = nullptr;
  QPushButton* verify_ = nullptr;
  QPushButton* generate_ = nullptr;
  QPushButton* chat_ = nullptr;
  QPushButton* export_ = nullptr;
  QPushButton* fork_ = nullptr;
  TableTab* events_ = nullptr;
  bool areTabsMade_ = false;
  QTimer detailsTimer_;
};

}  // namespace z2::ui
