#pragma once

#include <QPushButton>

namespace z2::ui {

// One of several ways to see something: stays pressed, and has the room for its text in the bold of
// a pressed one.
class SegmentButton : public QPushButton {
  Q_OBJECT

 public:
  explicit SegmentButton(QWidget* parent = nullptr);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
};

}  // namespace z2::ui
