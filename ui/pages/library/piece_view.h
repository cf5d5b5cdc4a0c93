#pragma once

// Text as a tokenizer sees it: pieces, each with its id beneath; special tokens as chips with a
// border. Pieces of a text alternate in colour; those of a sample are coloured by what they are
// for. Wraps at the width and scrolls; draws only what is in sight.

#include <vector>

#include <QAbstractScrollArea>
#include <QColor>
#include <QString>

#include "core/tokenizer/tokenizer.h"

namespace z2::ui {

struct Piece {
  enum class Use {
    kText,
    kTrained,  // of a sample: it is learnt to be said
    kRead,     // it is read only
    kCut       // the model does not see it
  };
  int32_t id = 0;
  QString text;  // vocabulary_model.h: pieceText
  bool isSpecial = false;
  bool endsLine = false;  // the next piece begins a line
  Use use = Use::kText;
};
// Behind a piece of a sample.
[[nodiscard]] QColor pieceColor(Piece::Use use);
// At most `limit` pieces.
[[nodiscard]] std::vector<Piece> piecesOf(const Tokenizer& tokenizer, std::span<const int32_t> ids,
                                          size_t limit = 20'000);

class PieceView : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit PieceView(QWidget* parent = nullptr);

  void setPieces(std::vector<Piece> pieces);
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  void setPlaceholder(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void arrange();
  [[nodiscard]] int lineHeight() const;
  [[nodiscard]] QString shown(const QString& text) const;
  [[nodiscard]] const Piece* pieceAt(const QPoint& position) const;
  void paintPiece(QPainter& painter, size_t index, const QRect& place) const;

  std::vector<Piece> pieces_;
  std::vector<QRect> places_;  // of each piece, in the coordinates of the whole
  QString placeholder_;
  QFont idFont_;
};

}  // namespace z2::ui
