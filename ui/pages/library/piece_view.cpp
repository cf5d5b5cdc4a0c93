#include "ui/pages/library/piece_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include "ui/base/accessible_role.h"
#include "ui/models/vocabulary_model.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kMargin = 10;
constexpr int kPadding = 3;  // beside a piece's text
constexpr int kGap = 2;      // between pieces
constexpr int kIdHeight = 13;
constexpr int kLineGap = 8;

QColor textColor(size_t index, bool isDark) {
  // Four soft hues; neighbours always differ, and the text keeps its contrast.
  constexpr int kHues[] = {215, 150, 35, 285};
  return isDark ? QColor::fromHsl(kHues[index % 4], 90, 58)
                : QColor::fromHsl(kHues[index % 4], 160, 226);
}

}  // namespace

QColor pieceColor(Piece::Use use) {
  const ThemeColors& theme = colors();
  switch (use) {
    case Piece::Use::kTrained:
      return mixed(theme.surface, theme.finished, theme.isDark ? 0.38 : 0.26);
    case Piece::Use::kRead:
      return mixed(theme.surface, theme.text, theme.isDark ? 0.10 : 0.06);
    default:
      return theme.surface;
  }
}

std::vector<Piece> piecesOf(const Tokenizer& tokenizer, std::span<const int32_t> ids,
                            size_t limit) {
  std::vector<Piece> pieces;
  for (const int32_t id : ids.first(std::min(limit, ids.size()))) {
    const bool isSpecial = tokenizer.isSpecial(id);
    pieces.push_back({.id = id,
                      .text = pieceText(tokenizer, id),
                      .isSpecial = isSpecial,
                      .endsLine = !isSpecial && tokenizer.tokenBytes(id).ends_with('\n')});
  }
  return pieces;
}

PieceView::PieceView(QWidget* parent) : QAbstractScrollArea(parent) {
  tellRole<PieceView>(QAccessible::StaticText);  // the pieces are its description
  setProperty("role", QStringLiteral("field"));
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::StrongFocus);
  verticalScrollBar()->setSingleStep(20);
  idFont_ = font();
  idFont_.setPixelSize(10);
}

void PieceView::setPieces(std::vector<Piece> pieces) {
  pieces_ = std::move(pieces);
  QString text;
  for (const Piece& piece : pieces_) {
    if (text.size() > 1000) break;
    text += piece.text + QLatin1Char(' ') + QString::number(piece.id) + QStringLiteral(", ");
  }
  setAccessibleDescription(text);
  arrange();
}

void PieceView::setPlaceholder(const QString& text) {
  placeholder_ = text;
  viewport()->update();
}

// The dot that stands for a space is as wide as a letter in fonts of Chinese.
QString PieceView::shown(const QString& text) const {
  constexpr QChar kDot(0xB7), kNarrow(0x2219);
  const bool isWide = fontMetrics().horizontalAdvance(kDot) * 3 > fontMetrics().height() * 2;
  return isWide ? QString(text).replace(kDot, kNarrow) : text;
}

int PieceView::lineHeight() const { return fontMetrics().height() + 4 + kIdHeight + kLineGap; }

void PieceView::arrange() {
  const QFontMetrics ids(idFont_);
  const int right = viewport()->width() - kMargin;
  int x = kMargin;
  int y = kMargin;
  places_.clear();
  places_.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    const int extra = piece.isSpecial ? 6 : 0;
    const int width =
        std::max(fontMetrics().horizontalAdvance(shown(piece.text)) + 2 * kPadding + extra,
                 ids.horizontalAdvance(QString::number(piece.id)) + 2);
    if (x > kMargin && x + width > right) {
      x = kMargin;
      y += lineHeight();
    }
    places_.emplace_back(x, y, std::min(width, right - kMargin), lineHeight() - kLineGap);
    x += width + kGap;
    if (piece.endsLine) {
      x = kMargin;
      y += lineHeight();
    }
  }
  const int height = y + lineHeight() + kMargin;
  verticalScrollBar()->setPageStep(viewport()->height());
  verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
  viewport()->update();
}

void PieceView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  painter.setRenderHint(QPainter::Antialiasing);
  if (pieces_.empty()) {
    painter.setPen(colors().secondary);
    painter.drawText(viewport()->rect().adjusted(kMargin, kMargin, -kMargin, -kMargin),
                     Qt::AlignLeft | Qt::TextWordWrap, placeholder_);
    return;
  }
  const int top = verticalScrollBar()->value();
  const int bottom = top + viewport()->height();
  const auto first = std::lower_bound(places_.begin(), places_.end(), top - lineHeight(),
                                      [](const QRect& r, int y) { return r.top() < y; });
  for (auto i = static_cast<size_t>(first - places_.begin()); i < places_.size(); ++i) {
    if (places_[i].top() > bottom) break;
    paintPiece(painter, i, places_[i].translated(0, -top));
  }
}

void PieceView::paintPiece(QPainter& painter, size_t index, const QRect& place) const {
  const Piece& piece = pieces_[index];
  const bool isCut = piece.use == Piece::Use::kCut;
  const QRect box(place.left(), place.top(), place.width(), place.height() - kIdHeight);
  painter.setPen(piece.isSpecial ? QPen(isCut ? colors().secondary : colors().accent, 1)
                                 : QPen(Qt::NoPen));
  if (piece.use != Piece::Use::kText)
    painter.setBrush(pieceColor(piece.use));
  else
    painter.setBrush(piece.isSpecial ? colors().surface : textColor(index, colors().isDark));
  const double radius = piece.isSpecial ? box.height() / 2.0 : 3;
  painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
  painter.setPen(isCut ? colors().secondary : piece.isSpecial ? colors().accent : colors().text);
  QFont font = this->font();
  font.setStrikeOut(isCut);
  painter.setFont(font);
  painter.drawText(box, Qt::AlignCenter, shown(piece.text));
  painter.setPen(colors().secondary);
  painter.setFont(idFont_);
  painter.drawText(QRect(place.left(), box.bottom() + 1, place.width(), kIdHeight), Qt::AlignCenter,
                   QString::number(piece.id));
}

void PieceView::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  arrange();
}

const Piece* PieceView::pieceAt(const QPoint& position) const {
  const QPoint point = position + QPoint(0, verticalScrollBar()->value());
  for (size_t i = 0; i < places_.size(); ++i)
    if (places_[i].contains(point)) return &pieces_[i];
  return nullptr;
}

bool PieceView::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const Piece* piece = pieceAt(help->pos());
  if (piece == nullptr) {
    QToolTip::hideText();
  } else {
    QString kind = piece->isSpecial ? tr("special token") : tr("piece");
    if (piece->use == Piece::Use::kTrained) kind += tr(", trained");
    if (piece->use == Piece::Use::kRead) kind += tr(", read, not trained");
    if (piece->use == Piece::Use::kCut) kind += tr(", cut");
    QToolTip::showText(help->globalPos(),
                       QStringLiteral("%1  %2  (%3)").arg(piece->id).arg(piece->text, kind), this);
  }
  return true;
}

void PieceView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrange();
  QAbstractScrollArea::changeEvent(event);
}

}  // namespace z2::ui
