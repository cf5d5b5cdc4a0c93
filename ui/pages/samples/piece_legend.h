#pragma once

// What the colours of a sample's pieces mean.

#include <QWidget>

class QLabel;

namespace z2::ui {

class PieceLegend : public QWidget {
  Q_OBJECT

 public:
  explicit PieceLegend(QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void paintChips();

  QLabel* trained_;
  QLabel* read_;
  QLabel* cut_;
  QLabel* special_;
};

}  // namespace z2::ui
