#pragma once

// Memory by part against what there is, as one bar with a legend.

#include <vector>

#include <QString>
#include <QWidget>

namespace z2::ui {

class MemoryBar : public QWidget {
  Q_OBJECT

 public:
  struct Part {
    QString name;
    double bytes = 0;
  };
  explicit MemoryBar(QWidget* parent);

  // `limit`: what the device has; 0: not known.
  void setParts(std::vector<Part> parts, double limit);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  [[nodiscard]] int columnsFor(int width) const;
  [[nodiscard]] QFont legendFont() const;

  std::vector<Part> parts_;
  double limit_ = 0;
};

}  // namespace z2::ui
