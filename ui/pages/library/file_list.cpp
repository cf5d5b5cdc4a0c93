#include "ui/pages/library/file_list.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

FileList::FileList(QWidget* parent)
    : QWidget(parent),
      list_(child<QListWidget>(this)),
      hint_(child<QLabel>(this)),
      add_(child<QPushButton>(this)),
      remove_(child<QPushButton>(this)) {
  setAcceptDrops(true);
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  list_->setMinimumHeight(84);
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setTextElideMode(Qt::ElideMiddle);
  column->addWidget(list_, 1);
  auto* row = child<QHBoxLayout>();
  hint_->setProperty("role", QStringLiteral("secondary"));
  row->addWidget(add_);
  row->addWidget(remove_);
  row->addStretch();
  column->addLayout(row);
  column->addWidget(hint_);
  remove_->setEnabled(false);
  connect(add_, &QPushButton::clicked, this, &FileList::browse);
  connect(remove_, &QPushButton::clicked, this, &FileList::removeSelected);
  connect(list_, &QListWidget::itemSelectionChanged, this,
          [this] { remove_->setEnabled(!list_->selectedItems().isEmpty()); });
  retranslate();
}

void FileList::setListHeight(int height) {
  list_->setFixedHeight(height);
  isFixed_ = true;
  fit();
}

// A form that reckons with lines that break gives a row less than it needs, unless it is told.
void FileList::fit() {
  const int height = layout()->sizeHint().height();
  if (isFixed_ && height != minimumHeight()) setFixedHeight(height);
}

QStringList FileList::files() const {
  QStringList files;
  for (int row = 0; row < list_->count(); ++row)
    files.append(list_->item(row)->data(Qt::UserRole).toString());
  return files;
}

void FileList::add(const QStringList& files) {
  const QStringList before = this->files();
  for (const QString& file : files) {
    const QFileInfo info(file);
    const QString path = info.absoluteFilePath();
    if (before.contains(path) || info.isDir()) continue;
    const QString size = info.exists() ? byteSize(static_cast<double>(info.size())) : QString();
    auto* item = child<QListWidgetItem>(info.fileName() + QStringLiteral("   ") + size, list_);
    item->setData(Qt::UserRole, path);
    item->setToolTip(path);
  }
  if (this->files() != before) Q_EMIT changed();
}

void FileList::clear() {
  list_->clear();
  Q_EMIT changed();
}

void FileList::browse() {
  add(QFileDialog::getOpenFileNames(
      this, tr("Add text files"), {},
      tr("Text (*.txt *.md *.jsonl *.ndjson *.json *.parquet);;All files (*)")));
}

void FileList::removeSelected() {
  qDeleteAll(list_->selectedItems());
  Q_EMIT changed();
}

void FileList::retranslate() {
  list_->setAccessibleName(tr("Files"));
  add_->setText(tr("Add files…"));
  remove_->setText(tr("Remove"));
  hint_->setText(tr("or drop them here: .txt, .jsonl, .json, .parquet"));
  fit();
}

bool FileList::event(QEvent* event) {
  if (event->type() == QEvent::LayoutRequest) fit();  // its parts have their styles, or others
  return QWidget::event(event);
}

void FileList::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void FileList::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void FileList::dropEvent(QDropEvent* event) {
  QStringList files;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) files.append(url.toLocalFile());
  add(files);
  event->acceptProposedAction();
}

}  // namespace z2::ui
