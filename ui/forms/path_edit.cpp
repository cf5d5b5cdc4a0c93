#include "ui/forms/path_edit.h"

#include <QDropEvent>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

PathEdit::PathEdit(Asks asks, QWidget* parent)
    : QWidget(parent),
      asks_(asks),
      line_(child<QLineEdit>(this)),
      browse_(child<QPushButton>(this)) {
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kInside);
  row->addWidget(line_, 1);
  row->addWidget(browse_);
  setFocusProxy(line_);
  line_->installEventFilter(this);
  connect(line_, &QLineEdit::textEdited, this, &PathEdit::edited);
  connect(browse_, &QPushButton::clicked, this, [this] { browse(); });
  retranslate();
}

void PathEdit::append(QWidget* widget) { layout()->addWidget(widget); }

void PathEdit::take(const QString& path) {
  QString text = path;
  if (asks_ == Asks::kPrefix) {
    for (const char* end : {".manifest.json", ".bin", ".idx"})
      if (text.endsWith(QLatin1String(end))) {
        text.chop(static_cast<qsizetype>(std::char_traits<char>::length(end)));
        break;
      }
  }
  line_->setText(text);
  Q_EMIT edited(text);
}

void PathEdit::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

bool PathEdit::eventFilter(QObject* watched, QEvent* event) {
  const bool isDrag = event->type() == QEvent::DragEnter || event->type() == QEvent::Drop;
  if (!isDrag) return QWidget::eventFilter(watched, event);
  auto* drop = static_cast<QDropEvent*>(event);
  const QList<QUrl> urls = drop->mimeData()->urls();
  if (urls.isEmpty() || !urls.front().isLocalFile()) return QWidget::eventFilter(watched, event);
  drop->acceptProposedAction();
  if (event->type() == QEvent::Drop) take(urls.front().toLocalFile());
  return true;
}

void PathEdit::retranslate() {
  browse_->setText(tr("Browse…"));
  browse_->setToolTip(asks_ == Asks::kFolder ? tr("Choose a folder") : tr("Choose a file"));
}

void PathEdit::browse() {
  auto* dialog = child<QFileDialog>(window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(asks_ == Asks::kFolder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (asks_ == Asks::kPrefix) dialog->setNameFilter(tr("Token files (*.bin)"));
  if (!startFolder_.isEmpty()) dialog->setDirectory(startFolder_);
  connect(dialog, &QFileDialog::fileSelected, this, &PathEdit::take);
  dialog->open();
}

}  // namespace z2::ui
