#pragma once

// The master list at the left of a library page: a title and a quieter second line a row.

#include <QListView>

#include "ui/models/entry_model.h"

namespace z2::ui {

class EntryList : public QListView {
  Q_OBJECT

 public:
  explicit EntryList(QWidget* parent = nullptr);

  [[nodiscard]] EntryModel& entries() { return *model_; }
  // Keeps the current row; chooses the first when there was none.
  void setEntries(const QList<Entry>& entries);
  [[nodiscard]] QString currentKey() const;
  // False when there is no such row yet.
  bool setCurrentKey(const QString& key);

 Q_SIGNALS:
  void currentKeyChanged(const QString& key);  // empty: none

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  EntryModel* model_;
};

}  // namespace z2::ui
