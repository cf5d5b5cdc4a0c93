#pragma once

// What a master list shows: tokenizers, data, models, each with a second line.

#include <QAbstractListModel>
#include <QList>
#include <QString>

namespace z2::ui {

struct Entry {
  QString key;     // stable and unique: what select() and selections name
  QString title;   // DisplayRole
  QString detail;  // the second line
  bool hasProblem = false;
  friend bool operator==(const Entry&, const Entry&) = default;
};

class EntryModel : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Role { kKeyRole = Qt::UserRole, kDetailRole, kProblemRole };

  using QAbstractListModel::QAbstractListModel;
  // Rows that stay keep their selection: only what differs is inserted, removed and changed.
  void setEntries(const QList<Entry>& entries);
  [[nodiscard]] const QList<Entry>& entries() const { return entries_; }
  [[nodiscard]] int rowOf(const QString& key) const;  // -1: none

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<Entry> entries_;
};

}  // namespace z2::ui
