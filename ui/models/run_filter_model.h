#pragma once

// Sorts and filters a RunTableModel: words that must all occur in name, directory, tags, task or
// state; a word between slashes is a regular expression (/lr-[12]e/).

#include <QList>
#include <QRegularExpression>
#include <QSortFilterProxyModel>

namespace z2::ui {

class RunTableModel;

class RunFilterModel : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunFilterModel(RunTableModel& runs, QObject* parent = nullptr);

  // False: some expression is broken; then the filter before stays.
  bool setFilter(const QString& text);
  void setShowsArchived(bool shows);
  [[nodiscard]] int archivedCount() const;

 protected:
  [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  RunTableModel& runs_;
  QList<QRegularExpression> words_;
  bool showsArchived_ = false;
};

}  // namespace z2::ui
