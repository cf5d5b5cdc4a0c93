#pragma once

// The text of a message: as high as it is, to be selected and copied, and to be rewritten in place.

#include <QTextEdit>

namespace z2::ui {

class MessageText : public QTextEdit {
  Q_OBJECT

 public:
  explicit MessageText(QWidget* parent = nullptr);

  // Text that goes on from what is shown is added to it.
  void showText(const QString& text);
  // As wide as the text is, at most `width`; 0: as wide as there is room.
  void setWidest(int width);
  void setEditing(bool isEditing);

 Q_SIGNALS:
  void submitted();  // Enter while it is edited
  void cancelled();  // Esc
  void focusMoved();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void fitWidth();
  void fitHeight();

  int widest_ = 0;
};

}  // namespace z2::ui
