#pragma once

// What all runs of the workspace are doing, looked up on a worker thread once a second and told to
// the GUI thread when something changed. Of runs that are at rest only the times of their folders
// are read, so that a thousand of them cost next to nothing.

#include <filesystem>
#include <memory>

#include <QHash>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include "ui/services/run_summary.h"

namespace z2::ui {

class RunWatcher : public QObject {
  Q_OBJECT

 public:
  explicit RunWatcher(std::filesystem::path workspace, QObject* parent = nullptr);
  ~RunWatcher() override;

  // As last seen, by name. Valid until the next signal.
  [[nodiscard]] const QList<RunSummary>& runs() const { return runs_; }
  [[nodiscard]] const RunSummary* find(const QString& name) const;
  [[nodiscard]] bool hasLooked() const { return hasLooked_; }  // the first look is done
  // Looks again now, for after an action.
  void refresh();

 Q_SIGNALS:
  // Names of those that are new, gone, or differ from what was told before.
  void changed(const QStringList& names);
  // A run came, went, got another title, or has another last checkpoint: there are other models.
  void checkpointsChanged();

 private:
  class Worker;
  void take(const QList<RunSummary>& fresh, const QStringList& gone);

  QList<RunSummary> runs_;
  QHash<QString, qsizetype> rows_;  // of runs_, by name
  bool hasLooked_ = false;
  std::unique_ptr<Worker> worker_;
};

}  // namespace z2::ui
