#pragma once

// The course of a run's loss, large enough to read its ends.

#include <QList>
#include <QWidget>

namespace z2::ui {

class SparkView : public QWidget {
  Q_OBJECT

 public:
  explicit SparkView(QWidget* parent = nullptr);
  void setPoints(const QList<qreal>& points);
  [[nodiscard]] QSize sizeHint() const override { return {280, 160}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QList<qreal> points_;
};

}  // namespace z2::ui
