#include "ui/pages/run/log_tab.h"

#include <algorithm>

#include <QCheckBox>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr qint64 kPiece = 256 * 1024;
constexpr int kInterval = 1000;

}  // namespace

LogTab::LogTab(QWidget* parent)
    : QWidget(parent),
      earlier_(child<QPushButton>(this)),
      search_(child<QLineEdit>(this)),
      follows_(child<QCheckBox>(this)),
      view_(child<QPlainTextEdit>(this)),
      empty_(child<QLabel>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, spacing::kGrid, 0, 0);
  auto* row = std::make_unique<QHBoxLayout>().release();
  row->addWidget(earlier_);
  row->addStretch(1);
  row->addWidget(search_);
  row->addWidget(follows_);
  column->addLayout(row);
  column->addWidget(empty_);
  column->addWidget(view_, 1);
  view_->setReadOnly(true);
  view_->setLineWrapMode(QPlainTextEdit::NoWrap);
  view_->setUndoRedoEnabled(false);
  QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  fixed.setPixelSize(12);
  view_->setFont(fixed);
  search_->setClearButtonEnabled(true);
  search_->setFixedWidth(240);
  follows_->setChecked(true);
  timer_.setInterval(kInterval);
  connect(&timer_, &QTimer::timeout, this, &LogTab::follow);
  connect(earlier_, &QPushButton::clicked, this, &LogTab::loadEarlier);
  connect(search_, &QLineEdit::returnPressed, this, &LogTab::find);
  connect(follows_, &QCheckBox::toggled, this, [this](bool isOn) {
    if (isOn) view_->verticalScrollBar()->setValue(view_->verticalScrollBar()->maximum());
  });
  earlier_->hide();
  retranslate();
}

void LogTab::setFile(const std::filesystem::path& file) {
  if (file == file_) return;
  file_ = file;
  begin_ = end_ = 0;
  view_->clear();
  if (isVisible()) follow();
}

QString LogTab::text() const { return view_->toPlainText(); }

void LogTab::follow() {
  if (isReading_ || file_.empty()) return;
  isReading_ = true;
  inBackground(
      this,
      [path = file_, shown = end_] {
        Piece piece;
        QFile file(pathText(path));
        if (!file.open(QIODevice::ReadOnly)) return piece;
        piece.isAnew = shown == 0 || file.size() < shown;
        piece.begin = piece.isAnew ? std::max<qint64>(0, file.size() - kPiece) : shown;
        file.seek(piece.begin);
        piece.bytes = file.read(16 * kPiece);
        // Whole lines only, so that no letter is cut in two.
        piece.bytes.truncate(piece.bytes.lastIndexOf('\n') + 1);
        if (piece.isAnew && piece.begin > 0) {
          const qsizetype line = piece.bytes.indexOf('\n') + 1;
          piece.begin += line;
          piece.bytes.remove(0, line);
        }
        piece.end = piece.begin + piece.bytes.size();
        return piece;
      },
      [this, path = file_](const Piece& piece) {
        isReading_ = false;
        if (path == file_) take(piece, false);
      });
}

void LogTab::loadEarlier() {
  if (isReading_ || begin_ == 0) return;
  isReading_ = true;
  inBackground(
      this,
      [path = file_, end = begin_] {
        Piece piece;
        QFile file(pathText(path));
        if (!file.open(QIODevice::ReadOnly)) return piece;
        piece.begin = std::max<qint64>(0, end - kPiece);
        piece.end = end;
        file.seek(piece.begin);
        piece.bytes = file.read(end - piece.begin);
        if (piece.begin > 0) {
          const qsizetype line = piece.bytes.indexOf('\n') + 1;
          piece.begin += line;
          piece.bytes.remove(0, line);
        }
        return piece;
      },
      [this, path = file_](const Piece& piece) {
        isReading_ = false;
        if (path == file_) take(piece, true);
      });
}

void LogTab::take(const Piece& piece, bool isEarlier) {
  if (piece.isAnew) view_->clear();
  QScrollBar* bar = view_->verticalScrollBar();
  QString text = QString::fromUtf8(piece.bytes);
  if (isEarlier) {
    const int before = bar->maximum();
    const int at = bar->value();
    QTextCursor cursor(view_->document());
    cursor.insertText(text);
    begin_ = piece.begin;
    bar->setValue(at + bar->maximum() - before);
  } else if (!text.isEmpty()) {
    if (text.endsWith(QLatin1Char('\n'))) text.chop(1);
    const int at = bar->value();
    view_->appendPlainText(text);
    bar->setValue(follows_->isChecked() ? bar->maximum() : at);
    if (piece.isAnew) begin_ = piece.begin;
    end_ = piece.end;
  }
  earlier_->setVisible(begin_ > 0);
  empty_->setVisible(end_ == 0);
  view_->setVisible(end_ > 0);
}

void LogTab::find() {
  // Upwards from the cursor, then once more from the end.
  if (view_->find(search_->text(), QTextDocument::FindBackward)) return;
  view_->moveCursor(QTextCursor::End);
  view_->find(search_->text(), QTextDocument::FindBackward);
}

void LogTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  follow();
  timer_.start();
}

void LogTab::hideEvent(QHideEvent* event) {
  timer_.stop();
  QWidget::hideEvent(event);
}

void LogTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void LogTab::retranslate() {
  earlier_->setText(tr("Earlier lines"));
  search_->setPlaceholderText(tr("Find (Enter goes upwards)"));
  search_->setAccessibleName(tr("Find in the log"));
  follows_->setText(tr("Follow the end"));
  view_->setAccessibleName(tr("Log of the engine"));
  empty_->setText(tr("The engine has written nothing yet."));
}

}  // namespace z2::ui
