#pragma once

// Bars of a length histogram: documents by their number of tokens.

#include <vector>

#include <QWidget>

#include "core/data/length_histogram.h"

namespace z2::ui {

class HistogramView : public QWidget {
  Q_OBJECT

 public:
  explicit HistogramView(QWidget* parent = nullptr);
  void setBuckets(std::vector<LengthBucket> buckets);
  [[nodiscard]] QSize sizeHint() const override { return {480, 180}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] QRect barArea() const;
  [[nodiscard]] QString describe(const LengthBucket& bucket) const;
  std::vector<LengthBucket> buckets_;
};

}  // namespace z2::ui
