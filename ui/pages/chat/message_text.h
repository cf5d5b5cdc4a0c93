#pragma once

// The text of a message, as it is or as Markdown: as high as it is, to be selected and copied, and
// to be rewritten in place.

#include <QTextEdit>

namespace z2::ui {

class MessageText : public QTextEdit {
  Q_OBJECT

 public:
  explicit MessageText(QWidget* parent = nullptr);

  // Text that goes on from what is shown is added to it.
  void showText(const QString& text);
  // As models write answers: headings, lists, code, tables. HTML and pictures are not shown.
  void showMarkdown(const QString& text);
  // What was given to be shown, or what the user has made of it.
  [[nodiscard]] QString source() const;
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
  void changeEvent(QEvent* event) override;
  // A message never makes the program read a file.
  QVariant loadResource(int type, const QUrl& name) override;

 private:
  void decorate();
  void fitWidth();
  void fitHeight();

  int widest_ = 0;
  QString markdown_;  // as it was written
  bool isMarkdown_ = false;
};

}  // namespace z2::ui
