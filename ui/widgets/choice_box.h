#pragma once

#include <QComboBox>

namespace z2::ui {

// A list of names that may be longer than the room for them: then the name ends with "…".
class ChoiceBox : public QComboBox {
  Q_OBJECT

 public:
  using QComboBox::QComboBox;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace z2::ui
