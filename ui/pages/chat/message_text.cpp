#include "ui/pages/chat/message_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>
#include <QTextBlock>
#include <QTextTable>
#include <QWheelEvent>

#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

// What a reader presses to move in the conversation, not in one message.
bool scrolls(int key) {
  return key == Qt::Key_PageUp || key == Qt::Key_PageDown || key == Qt::Key_Home ||
         key == Qt::Key_End;
}

// Markdown runs lines together; models mean the lines that they write. Code and tables are left as
// they are.
QString withHardBreaks(const QString& markdown) {
  QStringList lines = markdown.split(QLatin1Char('\n'));
  bool isCode = false;
  for (QString& line : lines) {
    const QString begin = line.trimmed();
    const bool isFence =
        begin.startsWith(QLatin1String("```")) || begin.startsWith(QLatin1String("~~~"));
    if (isFence) isCode = !isCode;
    const bool isTable = begin.startsWith(QLatin1Char('|'));
    if (!isFence && !isCode && !isTable && !begin.isEmpty()) line += QStringLiteral("  ");
  }
  return lines.join(QLatin1Char('\n'));
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

void MessageText::showMarkdown(const QString& text) {
  if (isMarkdown_ && text == markdown_) return;
  markdown_ = text;
  isMarkdown_ = true;
  QTextDocument::MarkdownFeatures features = QTextDocument::MarkdownDialectGitHub;
  features.setFlag(QTextDocument::MarkdownNoHTML);
  document()->setMarkdown(withHardBreaks(text), features);
  decorate();
  fitWidth();
}

void MessageText::decorate() {
  const QColor border = mixed(colors().surface, colors().text, 0.25);
  QTextCursor cursor(document());
  for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
    cursor.setPosition(block.position());
    if (block.blockFormat().hasProperty(QTextFormat::BlockCodeFence)) {
      QTextBlockFormat code;
      code.setBackground(mixed(colors().surface, colors().text, 0.06));
      code.setLeftMargin(8);
      cursor.mergeBlockFormat(code);
    }
    if (block.blockFormat().headingLevel() > 0) {
      // In a conversation the document's sizes shout.
      QTextCharFormat heading;
      heading.setProperty(QTextFormat::FontSizeAdjustment,
                          block.blockFormat().headingLevel() <= 2 ? 1 : 0);
      cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
      cursor.mergeCharFormat(heading);
    }
  }
  for (QTextFrame* frame : document()->rootFrame()->childFrames()) {
    auto* table = qobject_cast<QTextTable*>(frame);
    if (table == nullptr) continue;
    QTextTableFormat format = table->format();
    format.setBorderCollapse(true);
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(border);
    format.setCellPadding(4);
    table->setFormat(format);
    // Qt begins the first cell with an empty block.
    QTextCursor first = table->cellAt(0, 0).firstCursorPosition();
    if (first.block().length() == 1 &&
        first.block() != table->cellAt(0, 0).lastCursorPosition().block())
      first.deleteChar();
    QTextCharFormat strong;
    strong.setFontWeight(QFont::Bold);
    for (int column = 0; column < table->columns(); ++column) {
      const QTextTableCell cell = table->cellAt(0, column);
      QTextCursor text = cell.firstCursorPosition();
      text.setPosition(cell.lastCursorPosition().position(), QTextCursor::KeepAnchor);
      text.mergeCharFormat(strong);
    }
  }
}

QString MessageText::source() const { return isMarkdown_ ? markdown_ : toPlainText(); }

QVariant MessageText::loadResource(int, const QUrl&) { return {}; }

void MessageText::showText(const QString& text) {
  if (std::exchange(isMarkdown_, false)) {
    clear();
    setCurrentCharFormat({});
  }
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
  if (isEditing && isMarkdown_) showText(QString(markdown_));
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

void MessageText::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && isMarkdown_) decorate();
  QTextEdit::changeEvent(event);
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
