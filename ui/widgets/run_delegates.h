#pragma once

// How the cells of a table of runs are drawn, by the roles of RunTableModel.

#include <QStyledItemDelegate>

namespace z2::ui {

// Background, selection and focus as the style draws them; `paintCell` draws what is in front.
class RunDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;

 protected:
  virtual void paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const = 0;
};

class StateDelegate : public RunDelegate {
  Q_OBJECT

 public:
  using RunDelegate::RunDelegate;

 protected:
  void paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
};

class StepDelegate : public RunDelegate {
  Q_OBJECT

 public:
  using RunDelegate::RunDelegate;

 protected:
  void paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
};

class SparkDelegate : public RunDelegate {
  Q_OBJECT

 public:
  using RunDelegate::RunDelegate;

 protected:
  void paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
};

class TagsDelegate : public RunDelegate {
  Q_OBJECT

 public:
  using RunDelegate::RunDelegate;

 protected:
  void paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
};

}  // namespace z2::ui
