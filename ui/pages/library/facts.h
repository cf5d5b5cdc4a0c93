#pragma once

// A short table of facts: names at the left, selectable values at the right.

#include <QList>
#include <QPair>
#include <QWidget>

class QGridLayout;

namespace z2::ui {

class Facts : public QWidget {
  Q_OBJECT

 public:
  explicit Facts(QWidget* parent = nullptr);
  void setFacts(const QList<QPair<QString, QString>>& facts);

 private:
  QGridLayout* grid_;
};

}  // namespace z2::ui
