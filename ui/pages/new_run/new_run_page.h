#pragma once

// From data to a run in five steps.
//
// select() takes "clone:RUN" (a run's settings), "fork:RUN:STEP" (and its weights), "data:PREFIX",
// "model:PATH" (weights to begin from), and "step:NUMBER" (of the five, from 1).

#include <vector>

#include "ui/pages/page.h"

class QListWidget;
class QPushButton;
class QStackedWidget;

namespace z2::ui {

class NewRunPlan;
class PlanStep;
class ReviewStep;
class SettingsSources;
class TokenizerStep;

class NewRunPage : public Page {
  Q_OBJECT

 public:
  explicit NewRunPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  [[nodiscard]] bool isSettled() const override;

  // Settings from a file that --config would take, or into one.
  void importFrom(const QString& file);
  void exportTo(const QString& file);

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  enum class Then { kStart, kQueue, kSave };
  void addSteps();
  void addButtons();
  void goTo(int step);
  void showPlan();
  void showSteps();
  void showButtons();
  [[nodiscard]] QString summaryOf(int step) const;
  void create(Then then);
  void created(const QString& name, Then then);

  NewRunPlan* plan_;
  QListWidget* list_;
  QStackedWidget* stack_;
  std::vector<PlanStep*> steps_;
  TokenizerStep* tokenizer_ = nullptr;
  ReviewStep* review_ = nullptr;
  QPushButton* sources_;
  SettingsSources* settings_;
  QPushButton* back_;
  QPushButton* next_;
  QPushButton* export_;
  QPushButton* save_;
  QPushButton* queue_;
  QPushButton* start_;
  bool isCreating_ = false;
  bool hasName_ = false;
};

}  // namespace z2::ui
