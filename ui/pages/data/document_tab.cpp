#include "ui/pages/data/document_tab.h"

#include <algorithm>
#include <limits>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/plural.h"
#include "ui/theme/theme.h"

namespace z2::ui {

DocumentTab::DocumentTab(QWidget* parent)
    : QWidget(parent),
      label_(child<QLabel>(this)),
      number_(child<QSpinBox>(this)),
      previous_(child<QPushButton>(this)),
      next_(child<QPushButton>(this)),
      figures_(child<QLabel>(this)),
      pieces_(child<PieceView>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* row = child<QHBoxLayout>();
  label_->setBuddy(number_);
  number_->setObjectName(QStringLiteral("documentNumber"));
  number_->setGroupSeparatorShown(true);
  number_->setFixedWidth(140);
  number_->setAlignment(Qt::AlignRight);
  figures_->setProperty("role", QStringLiteral("secondary"));
  figures_->setWordWrap(true);
  row->addWidget(label_);
  row->addWidget(number_);
  row->addWidget(previous_);
  row->addWidget(next_);
  row->addStretch();
  column->addLayout(row);
  column->addWidget(figures_);
  pieces_->setObjectName(QStringLiteral("documentPieces"));
  column->addWidget(pieces_, 1);
  connect(number_, &QSpinBox::valueChanged, this, &DocumentTab::load);
  connect(previous_, &QPushButton::clicked, number_, &QSpinBox::stepDown);
  connect(next_, &QPushButton::clicked, number_, &QSpinBox::stepUp);
  retranslate();
}

void DocumentTab::setData(std::shared_ptr<const TokenFile> file,
                          std::shared_ptr<const Tokenizer> tokenizer) {
  file_ = std::move(file);
  tokenizer_ = std::move(tokenizer);
  const uint64_t documents = file_ == nullptr ? 0 : file_->index().documents();
  const QSignalBlocker quiet(number_);
  number_->setRange(documents == 0 ? 0 : 1, static_cast<int>(std::min<uint64_t>(
                                                documents, std::numeric_limits<int>::max())));
  number_->setValue(1);
  load();
}

void DocumentTab::load() {
  previous_->setEnabled(number_->value() > 1);
  next_->setEnabled(number_->value() < number_->maximum());
  if (file_ == nullptr || number_->value() < 1) {
    pieces_->setPieces({});
    figures_->clear();
    return;
  }
  const int wanted = ++asked_;
  inBackground(
      this,
      [file = file_, tokenizer = tokenizer_, number = static_cast<uint64_t>(number_->value() - 1)] {
        return readDocument(*file, tokenizer.get(), number);
      },
      [this, wanted](DocumentPieces document) {
        if (wanted != asked_) return;
        shown_ = wanted;
        tokens_ = document.tokens;
        pieces_->setPieces(std::move(document.pieces));
        describe();
      });
}

void DocumentTab::describe() {
  if (file_ == nullptr) return;
  const QLocale locale;
  QString text = tr("of %1 · %2 tokens", nullptr, pluralOf(static_cast<int64_t>(tokens_)))
                     .arg(locale.toString(static_cast<qulonglong>(file_->index().documents())),
                          locale.toString(static_cast<qulonglong>(tokens_)));
  if (pieces_->pieces().size() < tokens_)
    text += tr(", the first %1 are shown")
                .arg(locale.toString(static_cast<qulonglong>(pieces_->pieces().size())));
  if (tokenizer_ == nullptr)
    text += QStringLiteral(" · ") + tr("its tokenizer is not in the workspace: ids only");
  figures_->setText(text);
}

void DocumentTab::retranslate() {
  label_->setText(tr("&Document"));
  previous_->setText(tr("Previous"));
  next_->setText(tr("Next"));
  pieces_->setAccessibleName(tr("Pieces of the document"));
  pieces_->setPlaceholder(tr("There is no document to show."));
  describe();
}

void DocumentTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
