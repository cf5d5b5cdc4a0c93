#include "ui/pages/chat/message_input.h"

#include <algorithm>

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>

namespace z2::ui {

namespace {

constexpr int kMostLines = 8;
constexpr int kFrame = 10;  // border and padding, above and below

}  // namespace

MessageInput::MessageInput(QWidget* parent) : QPlainTextEdit(parent) {
  setTabChangesFocus(true);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
          &MessageInput::fit);
  fit();
}

void MessageInput::keyPressEvent(QKeyEvent* event) {
  const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (isEnter && (event->modifiers() & Qt::ShiftModifier) == 0)
    Q_EMIT submitted();
  else if (event->key() == Qt::Key_Up && event->modifiers() == Qt::NoModifier &&
           document()->isEmpty())
    Q_EMIT lastWanted();
  else
    QPlainTextEdit::keyPressEvent(event);
}

void MessageInput::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  fit();
}

// A plain text's document is as high as it has lines.
void MessageInput::fit() {
  const int wanted = std::max(1, static_cast<int>(document()->size().height()));
  const int lines = std::min(kMostLines, wanted);
  const int frame = kFrame + 2 * static_cast<int>(document()->documentMargin());
  setVerticalScrollBarPolicy(wanted > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
  setFixedHeight(lines * fontMetrics().lineSpacing() + frame);
}

}  // namespace z2::ui
