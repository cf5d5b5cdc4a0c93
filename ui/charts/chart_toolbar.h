#pragma once

// The choices above a grid of charts: smoothing, what x is, logarithmic y, and the way back to the
// newest point.

#include <QWidget>

#include "ui/charts/curve_item.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace z2::ui {

class ChartGroup;

// Where the pages remember the weight, and what it is before anybody chose one.
inline constexpr char kSmoothingKey[] = "curves/smoothing";
inline constexpr double kUsualSmoothing = 0.6;

class ChartToolbar : public QWidget {
  Q_OBJECT

 public:
  explicit ChartToolbar(ChartGroup& group, QWidget* parent);

  // The weight of the average: 0 to 0.999.
  void setSmoothing(double weight);
  [[nodiscard]] double smoothing() const;
  // Runs without tokens or times cannot be drawn over them.
  void setAvailable(bool hasTokens, bool hasTimes, bool hasSuperseded);

 Q_SIGNALS:
  void smoothingChanged(double weight);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void apply();

  ChartGroup& group_;
  QLabel* smoothingLabel_;
  QSlider* smoothing_;
  QLabel* smoothingValue_;
  QLabel* xLabel_;
  QComboBox* x_;
  QCheckBox* log_;
  QCheckBox* old_;
  QPushButton* all_;
  QPushButton* live_;
};

}  // namespace z2::ui
