#pragma once

// The run that is being planned: what the person set, and what was found out about it.

#include <functional>
#include <memory>

#include <QObject>
#include <QTimer>

#include "core/base/error.h"
#include "ui/forms/settings_draft.h"
#include "ui/pages/new_run/plan_check.h"

namespace z2::ui {

// Lives in the GUI thread; checks go to a worker, one at a time, the newest wish next.
class NewRunPlan : public QObject {
  Q_OBJECT

 public:
  NewRunPlan(std::filesystem::path workspace, QObject* parent);

  [[nodiscard]] SettingsDraft& draft() { return draft_; }
  [[nodiscard]] const SettingsDraft& draft() const { return draft_; }
  [[nodiscard]] const PlanCheck& check() const { return check_; }
  [[nodiscard]] const WorkspaceStock& stock() const { return *stock_; }
  // Whether check() is about what the draft holds now.
  [[nodiscard]] bool isSettled() const { return isChecked_ && !isDirty_ && !isWorking_; }
  // Looks at the workspace's data, tokenizers and runs again.
  void refresh();
  // What is beneath `keys` ("model." takes all of them) and wrong.
  [[nodiscard]] std::vector<ConfigIssue> issuesOf(const std::vector<QString>& keys) const;
  // Takes a data set: training, validation, and the tokenizer that made it.
  void chooseData(const DataSet& set);
  // As many rows of the embedding as the data's tokenizer needs, where the shape is chosen here.
  void fitVocabulary();
  // By the name of a data set of the workspace, or any prefix; as soon as they are known.
  void wantData(const QString& wish);

 Q_SIGNALS:
  void checked();

 private:
  void plan();
  void begin();
  void chooseWanted();

  std::filesystem::path workspace_;
  SettingsDraft draft_;
  QString wanted_;  // data
  PlanCheck check_;
  std::shared_ptr<const WorkspaceStock> stock_ = std::make_shared<WorkspaceStock>();
  std::shared_ptr<PlanChecker> checker_;
  QTimer timer_;
  bool looksAtStock_ = true;
  bool isDirty_ = true;
  bool isWorking_ = false;
  bool isChecked_ = false;
};

}  // namespace z2::ui
