#pragma once

// The runs of the workspace as rows of a table, kept in step with RunWatcher.

#include <QAbstractTableModel>
#include <QSet>
#include <QStringList>

#include "ui/services/run_watcher.h"

namespace z2::ui {

// "Pretrain", "SFT": the task of a run by its name.
[[nodiscard]] QString taskText(const QString& task);

class RunTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column {
    kState,
    kName,
    kTask,
    kStep,
    kLoss,
    kSpark,
    kTokensPerSecond,
    kMfu,
    kStarted,
    kTags,
    kColumns
  };
  enum Role {
    kNameRole = Qt::UserRole,  // QString: the directory's name
    kSortRole,                 // what the column is sorted by
    kSparkRole,                // QList<qreal>
    kFractionRole,             // double: steps done of all; negative: not known
    kStateRole                 // int of RunState; invalid for a run that cannot be read
  };

  explicit RunTableModel(RunWatcher& watcher, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;
  // The name is edited in place; an empty one gives back the directory's.
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  // By row; the row must be there.
  [[nodiscard]] const RunSummary& at(int row) const { return runs_.at(row); }
  // −1: no such run.
  [[nodiscard]] int rowOf(const QString& name) const;

  // Runs marked to be compared, in the order of marking.
  [[nodiscard]] const QStringList& marked() const { return marked_; }
  void setMarked(const QString& name, bool isMarked);
  void clearMarks();
  void retranslate();

 Q_SIGNALS:
  void renamed(const QString& name, const QString& title);
  void marksChanged();

 private:
  void follow(const QStringList& names);
  [[nodiscard]] QVariant text(const RunSummary& run, int column) const;
  [[nodiscard]] QVariant sortKey(const RunSummary& run, int column) const;
  [[nodiscard]] QVariant toolTip(const RunSummary& run, int column) const;

  RunWatcher& watcher_;
  QList<RunSummary> runs_;  // sorted by name
  QStringList marked_;
};

}  // namespace z2::ui
