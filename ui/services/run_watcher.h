#pragma once

// What all runs of the workspace are doing, looked up on a worker thread once a second and told to
// the GUI thread when something changed.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include "core/run/run_report.h"

namespace z2::ui {

// One run as tables and headers show it.
struct RunSummary {
  QString name;  // of the directory
  std::filesystem::path path;
  QString title;  // the user's name for it; the directory's when none was given
  QString task;
  QString created;  // UTC, ISO 8601
  RunReport report;
  std::optional<double> loss, validLoss, tokensPerSecond, mfu;
  std::vector<float> spark;  // the loss, at most 64 points over the whole run
  QStringList tags;
  bool isArchived = false;
  QString problem;  // a directory whose run cannot be read: why; then only name and path are valid
};

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

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
  QList<RunSummary> runs_;
  bool hasLooked_ = false;
};

}  // namespace z2::ui
