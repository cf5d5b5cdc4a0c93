#include "ui/pages/chat/message_text.h"

#include <algorithm>
#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>
#include <QWheelEvent>

namespace z2::ui {

namespace {

// What a reader presses to move in the conversation, not in one message.
bool scrolls(int key) {
  return key == Qt::Key_PageUp || key == Qt::Key_PageDown || key == Qt::Key_Home ||
         key == Qt::Key_End;
}

}  // namespace

MessageText::MessageText(QWidget* parent) : QTextEdit(parent) {
  setProperty("role", QStringLiteral("message"));
  setFrameShape(QFrame::NoFrame);
  setAcceptRichText(false);
  setTabChangesFocus(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  document()->setDocumentMargin(0);
  connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
          &MessageText::fitHeight);
  setEditing(false);
}

void MessageText::showText(const QString& text) {
  const QString shown = toPlainText();
  if (text == shown) return;
  if (!shown.isEmpty() && text.startsWith(shown)) {
    QTextCursor cursor(document());  // the reader's selection stays
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(text.mid(shown.size()));
  } else {
    setPlainText(text);
  }
  fitWidth();
}

void MessageText::setWidest(int width) {
  if (width == widest_) return;
  widest_ = width;
  fitWidth();
}

void MessageText::setEditing(bool isEditing) {
  setReadOnly(!isEditing);
  setUndoRedoEnabled(isEditing);
  if (!isEditing) setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  fitWidth();
  if (!isEditing) return;
  moveCursor(QTextCursor::End);
  setFocus(Qt::OtherFocusReason);
}

void MessageText::fitWidth() {
  if (widest_ == 0) return;
  if (!isReadOnly()) {
    setFixedWidth(widest_);
    return;
  }
  const std::unique_ptr<QTextDocument> copy(document()->clone());
  copy->setTextWidth(widest_);
  setFixedWidth(std::min(widest_, static_cast<int>(std::ceil(copy->idealWidth())) + 1));
}

void MessageText::fitHeight() {
  setFixedHeight(static_cast<int>(std::ceil(document()->size().height())));
}

void MessageText::keyPressEvent(QKeyEvent* event) {
  const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (!isReadOnly() && isEnter && (event->modifiers() & Qt::ShiftModifier) == 0)
    Q_EMIT submitted();
  else if (!isReadOnly() && event->key() == Qt::Key_Escape)
    Q_EMIT cancelled();
  else if (isReadOnly() && scrolls(event->key()))
    event->ignore();
  else
    QTextEdit::keyPressEvent(event);
}

void MessageText::wheelEvent(QWheelEvent* event) { event->ignore(); }

void MessageText::focusInEvent(QFocusEvent* event) {
  QTextEdit::focusInEvent(event);
  Q_EMIT focusMoved();
}

void MessageText::focusOutEvent(QFocusEvent* event) {
  QTextEdit::focusOutEvent(event);
  Q_EMIT focusMoved();
}

}  // namespace z2::ui
