#include "ui/pages/chat/token_view.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

TokenView::TokenView(QWidget* parent)
    : QWidget(parent), figures_(child<QLabel>(this)), pieces_(child<PieceView>(this)) {
  figures_->setProperty("role", QStringLiteral("secondary"));
  figures_->setWordWrap(true);
  pieces_->setObjectName(QStringLiteral("chatPieces"));
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(figures_);
  column->addWidget(pieces_, 1);
  retranslate();
}

void TokenView::showAnswer(const ChatAnswer* answer) {
  if (answer == nullptr || answer->prompt.tokenizer == nullptr) {
    prompt_.clear();
    ids_.clear();
    pieces_->setPieces({});
    showFigures();
    return;
  }
  if (answer->prompt.ids == prompt_ && answer->ids == ids_) return;
  const Tokenizer& tokenizer = *answer->prompt.tokenizer;
  std::vector<Piece> all;
  const bool isSame = answer->prompt.ids == prompt_ && answer->ids.size() >= ids_.size() &&
                      std::equal(ids_.begin(), ids_.end(), answer->ids.begin());
  if (isSame) {
    all = pieces_->pieces();
  } else {
    prompt_ = answer->prompt.ids;
    all = piecesOf(tokenizer, prompt_);
    if (!all.empty()) all.back().endsLine = true;  // the answer begins a line
    ids_.clear();
  }
  for (Piece& piece : piecesOf(tokenizer, std::span(answer->ids).subspan(ids_.size())))
    all.push_back(std::move(piece));
  ids_ = answer->ids;
  pieces_->setPieces(std::move(all));
  showFigures();
}

void TokenView::showFigures() {
  figures_->setText(prompt_.empty()
                        ? tr("The tokens of the last answer")
                        : tr("%Ln tokens read, as the template writes the conversation", nullptr,
                             static_cast<int>(prompt_.size())) +
                              QStringLiteral(" · ") +
                              tr("%Ln tokens drawn", nullptr, static_cast<int>(ids_.size())));
}

void TokenView::retranslate() {
  pieces_->setAccessibleName(tr("Tokens"));
  pieces_->setPlaceholder(
      tr("After the first answer, every token that the model read and drew stands here."));
  showFigures();
}

void TokenView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
