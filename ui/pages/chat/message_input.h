#pragma once

// Where a message is written: Enter sends, Shift+Enter begins a line. Grows with its text.

#include <QPlainTextEdit>

namespace z2::ui {

class MessageInput : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit MessageInput(QWidget* parent = nullptr);

 Q_SIGNALS:
  void submitted();
  void lastWanted();  // Up in an empty field: the last message is to be edited

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();
};

}  // namespace z2::ui
