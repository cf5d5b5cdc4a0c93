#include "ui/pages/samples/sample_view.h"

#include <utility>

#include <QEvent>
#include <QFontDatabase>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/models/vocabulary_model.h"
#include "ui/pages/samples/piece_legend.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr size_t kMostPieces = 20'000;  // of a sequence that are shown

Piece::Use useOf(const PreviewToken& token) {
  return token.isCut       ? Piece::Use::kCut
         : token.isTrained ? Piece::Use::kTrained
                           : Piece::Use::kRead;
}

std::vector<Piece> piecesOf(const std::vector<PreviewToken>& tokens) {
  std::vector<Piece> pieces;
  for (const PreviewToken& token : tokens) {
    if (pieces.size() == kMostPieces) break;
    const QString text = token.isSpecial       ? toQString(token.bytes)
                         : token.bytes.empty() ? QStringLiteral("·")  // no tokenizer
                                               : pieceText(token.bytes);
    pieces.push_back({.id = token.id,
                      .text = text,
                      .isSpecial = token.isSpecial,
                      .endsLine = !token.isSpecial && token.bytes.ends_with('\n'),
                      .use = useOf(token)});
  }
  return pieces;
}

}  // namespace

SampleView::SampleView(QWidget* parent)
    : QWidget(parent),
      figures_(child<QLabel>(this)),
      problem_(child<QLabel>(this)),
      views_(child<QStackedWidget>(this)),
      sides_(child<QWidget>(views_)),
      record_(child<QPlainTextEdit>(views_)),
      legend_(child<PieceLegend>(this)) {
  figures_->setObjectName(QStringLiteral("sampleFigures"));
  figures_->setProperty("role", QStringLiteral("secondary"));
  figures_->setWordWrap(true);
  problem_->setObjectName(QStringLiteral("sampleProblem"));
  problem_->setProperty("role", QStringLiteral("problem"));
  problem_->setWordWrap(true);
  record_->setObjectName(QStringLiteral("sampleRecord"));
  record_->setReadOnly(true);
  record_->setTabChangesFocus(true);
  record_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  auto* row = child<QHBoxLayout>(sides_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kGrid);
  chosen_ = addSide("samplePieces");
  rejected_ = addSide("sampleRejected");
  // Both begin with the same prompt.
  const auto together = [](const Side& one, const Side& other) {
    connect(one.pieces->verticalScrollBar(), &QScrollBar::valueChanged,
            other.pieces->verticalScrollBar(), &QScrollBar::setValue);
  };
  together(chosen_, rejected_);
  together(rejected_, chosen_);
  views_->addWidget(sides_);
  views_->addWidget(record_);
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(figures_);
  column->addWidget(problem_);
  column->addWidget(views_, 1);
  column->addWidget(legend_);
  retranslate();
  clear({});
}

SampleView::Side SampleView::addSide(const char* name) {
  auto* widget = child<QWidget>(sides_);
  Side side{widget, child<QLabel>(widget), child<PieceView>(widget)};
  auto* column = child<QVBoxLayout>(side.widget);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kInside);
  column->addWidget(side.title);
  column->addWidget(side.pieces, 1);
  side.title->setProperty("role", QStringLiteral("strong"));
  side.pieces->setObjectName(QString::fromLatin1(name));
  sides_->layout()->addWidget(side.widget);
  return side;
}

void SampleView::clear(const QString& sentence) {
  hasSample_ = false;
  sample_ = {};
  chosen_.pieces->setPlaceholder(sentence);
  chosen_.pieces->setPieces({});
  rejected_.pieces->setPieces({});
  rejected_.widget->hide();
  chosen_.title->hide();
  views_->setCurrentWidget(sides_);
  describe();
}

void SampleView::showSample(SamplePreview sample) {
  sample_ = std::move(sample);
  hasSample_ = true;
  const bool isPair = !sample_.rejected.empty();
  chosen_.title->setVisible(isPair);
  rejected_.widget->setVisible(isPair);
  chosen_.pieces->setPieces(piecesOf(sample_.sequence));
  rejected_.pieces->setPieces(piecesOf(sample_.rejected));
  chosen_.pieces->verticalScrollBar()->setValue(0);
  record_->setPlainText(toQString(sample_.record));
  views_->setCurrentWidget(sample_.isUsable ? sides_ : record_);
  describe();
}

void SampleView::describe() {
  figures_->setVisible(hasSample_);
  problem_->setVisible(hasSample_ && !sample_.problem.empty());
  legend_->setVisible(hasSample_ && sample_.isUsable);
  if (!hasSample_) return;
  // file:line; a token file's own name says nothing new.
  const QString place = toQString(std::filesystem::path(sample_.place).filename().native());
  QStringList figures;
  if (!sample_.format.empty())
    figures.append(place + QStringLiteral(" · ") + toQString(sample_.format));
  if (sample_.isUsable) {
    const auto tokens = static_cast<int64_t>(sample_.tokens);
    const QString count = number(tokens);
    const QString trained = number(static_cast<int64_t>(sample_.trainedTokens));
    const bool isPair = !sample_.rejected.empty();
    figures.append((isPair ? tr("%1 tokens in the longer one", nullptr, pluralOf(tokens))
                           : tr("%1 tokens", nullptr, pluralOf(tokens)))
                       .arg(count));
    figures.append((isPair ? tr("%1 trained in both") : tr("%1 trained")).arg(trained));
    if (sample_.isCut) figures.append(tr("cut"));
    const size_t longest = std::max(sample_.sequence.size(), sample_.rejected.size());
    if (longest > kMostPieces)
      figures.append(tr("the first %1 are shown").arg(number(static_cast<int64_t>(kMostPieces))));
  }
  figures_->setText(figures.join(QStringLiteral(" · ")));
  problem_->setText(tr("Left out: %1").arg(coreText(sample_.problem)));
}

void SampleView::retranslate() {
  chosen_.title->setText(tr("Chosen"));
  rejected_.title->setText(tr("Rejected"));
  chosen_.pieces->setAccessibleName(tr("Tokens of the sample"));
  rejected_.pieces->setAccessibleName(tr("Tokens with the rejected answer"));
  record_->setAccessibleName(tr("The record as the file has it"));
  describe();
}

void SampleView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
