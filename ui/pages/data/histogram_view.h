#pragma once

// Bars of a length histogram: documents, or samples, by their number of tokens; what is longer than
// allowed in another colour.

#include <vector>

#include <QWidget>

#include "core/data/length_histogram.h"

namespace z2::ui {

class HistogramView : public QWidget {
  Q_OBJECT

 public:
  enum class Of { kDocuments, kSamples };
  explicit HistogramView(Of what, QWidget* parent = nullptr);
  // `longestAllowed`: tokens; 0: all are.
  void setBuckets(std::vector<LengthBucket> buckets, uint64_t longestAllowed = 0);
  [[nodiscard]] QSize sizeHint() const override { return {480, 180}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void describeAll();
  void paintLimit(QPainter& painter) const;
  // Where the bars' lengths pass the longest allowed; beyond the right end when they do not.
  [[nodiscard]] double limitX() const;
  [[nodiscard]] QRect barArea() const;
  [[nodiscard]] QString describe(const LengthBucket& bucket) const;
  const Of what_;
  std::vector<LengthBucket> buckets_;
  uint64_t longestAllowed_ = 0;
};

}  // namespace z2::ui
