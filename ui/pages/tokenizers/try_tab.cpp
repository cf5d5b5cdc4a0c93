#include "ui/pages/tokenizers/try_tab.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QTimer>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/pages/library/piece_view.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kPauseMs = 40;
constexpr qsizetype kLongest = 2'000'000;  // characters that are encoded while typing

}  // namespace

struct TryTab::Outcome {
  int number = 0;
  std::vector<Piece> pieces = {};
  size_t tokens = 0;
  qsizetype characters = 0;
  size_t bytes = 0;
  QString problem = {};
};

TryTab::TryTab(QWidget* parent)
    : QWidget(parent),
      text_(child<QPlainTextEdit>(this)),
      readsSpecial_(child<QCheckBox>(this)),
      figures_(child<QLabel>(this)),
      pieces_(child<PieceView>(this)),
      pause_(child<QTimer>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(spacing::kGrid);
  text_->setObjectName(QStringLiteral("tryText"));
  text_->setTabChangesFocus(true);
  text_->setMaximumHeight(150);
  column->addWidget(text_);
  auto* row = child<QHBoxLayout>();
  figures_->setObjectName(QStringLiteral("tryFigures"));
  figures_->setWordWrap(true);
  row->addWidget(figures_, 1);
  row->addWidget(readsSpecial_);
  column->addLayout(row);
  pieces_->setObjectName(QStringLiteral("tryPieces"));
  column->addWidget(pieces_, 1);
  pause_->setSingleShot(true);
  pause_->setInterval(kPauseMs);
  connect(pause_, &QTimer::timeout, this, &TryTab::encode);
  connect(text_, &QPlainTextEdit::textChanged, this, [this] {
    isSample_ = false;
    pause_->start();
  });
  connect(readsSpecial_, &QCheckBox::toggled, this, &TryTab::encode);
  retranslate();
}

void TryTab::setTokenizer(std::shared_ptr<const Tokenizer> tokenizer) {
  tokenizer_ = std::move(tokenizer);
  encode();
}

void TryTab::encode() {
  pause_->stop();
  if (tokenizer_ == nullptr) return;
  const int number = ++asked_;
  const QString text = text_->toPlainText().left(kLongest);
  inBackground(
      this,
      [number, text, tokenizer = tokenizer_, allowsSpecial = readsSpecial_->isChecked()] {
        Outcome outcome{.number = number};
        const std::string utf8 = toUtf8(text);
        EncodeScratch scratch;
        std::vector<int32_t> ids;
        const auto done = tokenizer->encode(utf8, {.allowSpecial = allowsSpecial}, scratch, ids);
        if (!done) outcome.problem = toQString(done.error().text());
        outcome.tokens = ids.size();
        outcome.bytes = utf8.size();
        outcome.characters = text.toUcs4().size();
        outcome.pieces = piecesOf(*tokenizer, ids);
        return outcome;
      },
      [this](Outcome outcome) { present(std::move(outcome)); });
}

void TryTab::present(Outcome outcome) {
  if (outcome.number != asked_) return;  // a newer one is on its way
  shown_ = outcome.number;
  if (!outcome.problem.isEmpty()) {
    figures_->setText(coreText(toUtf8(outcome.problem)));
  } else if (outcome.tokens == 0) {
    figures_->setText(tr("No text"));
  } else {
    const auto tokens = static_cast<double>(outcome.tokens);
    const QLocale locale;
    const QStringList figures = {
        tr("%1 tokens", nullptr, pluralOf(static_cast<int64_t>(outcome.tokens)))
            .arg(locale.toString(static_cast<qulonglong>(outcome.tokens))),
        tr("%1 characters", nullptr, pluralOf(static_cast<int64_t>(outcome.characters)))
            .arg(locale.toString(outcome.characters)),
        tr("%1 characters per token")
            .arg(locale.toString(static_cast<double>(outcome.characters) / tokens, 'f', 2)),
        tr("%1 tokens per byte")
            .arg(locale.toString(tokens / static_cast<double>(outcome.bytes), 'f', 3))};
    figures_->setText(figures.join(QStringLiteral(" · ")));
  }
  pieces_->setPieces(std::move(outcome.pieces));
}

void TryTab::retranslate() {
  text_->setAccessibleName(tr("Text to try"));
  text_->setPlaceholderText(tr("Type or paste text"));
  readsSpecial_->setText(tr("Read special tokens in the text"));
  pieces_->setAccessibleName(tr("Pieces"));
  pieces_->setPlaceholder(tr("The pieces of the text appear here."));
  if (isSample_) {
    text_->setPlainText(
        tr("The quick brown fox jumps over the lazy dog.\n"
           "床前明月光，疑是地上霜。 3.14159"));
    isSample_ = true;
  }
}

void TryTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    retranslate();
    encode();
  }
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
