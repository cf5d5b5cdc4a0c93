#pragma once

// Rename, tag, archive, delete: what the table of runs changes on disk, on worker threads, with an
// undo in the banner.

#include <functional>

#include <QObject>
#include <QStringList>

#include "ui/services/run_label.h"
#include "ui/services/workbench.h"

namespace z2::ui {

class RunEdits : public QObject {
  Q_OBJECT

 public:
  explicit RunEdits(Workbench& workbench, QObject* parent = nullptr);

  void rename(const QString& name, const QString& title);
  void setTags(const QStringList& names, const QStringList& tags);
  void setArchived(const QStringList& names, bool isArchived);
  // To WORKSPACE/.trash; runs at work are refused, each with its reason.
  void remove(const QStringList& names);

 private:
  using Change = std::function<void(RunLabel&)>;
  void change(const QStringList& names, const Change& change, const QString& failure);

  Workbench& workbench_;
};

}  // namespace z2::ui
