#include "ui/widgets/run_delegates.h"

#include <QApplication>
#include <QPainter>

#include "ui/models/run_state_text.h"
#include "ui/models/run_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/marks.h"

namespace z2::ui {

namespace {

constexpr int kMarkWidth = 16;
constexpr int kInside = 8;

QColor markColor(const QModelIndex& index) {
  const QVariant state = index.data(RunTableModel::kStateRole);
  return state.isValid() ? stateColor(static_cast<RunState>(state.toInt())) : colors().failed;
}

}  // namespace

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
  QStyleOptionViewItem filled = option;
  initStyleOption(&filled, index);
  QStyleOptionViewItem bare = filled;
  bare.text.clear();
  const QWidget* widget = option.widget;
  const QStyle* style = widget == nullptr ? QApplication::style() : widget->style();
  style->drawControl(QStyle::CE_ItemViewItem, &bare, painter, widget);
  painter->save();
  painter->setFont(filled.font);
  paintCell(*painter, filled, index);
  painter->restore();
}

void StateDelegate::paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
  const QVariant state = index.data(RunTableModel::kStateRole);
  const StateShape shape =
      state.isValid() ? stateShape(static_cast<RunState>(state.toInt())) : StateShape::kCross;
  const QColor color = markColor(index);
  QRect rect = option.rect.adjusted(kInside, 0, -kInside, 0);
  paintStateMark(painter, QRect(rect.topLeft(), QSize(12, rect.height())), shape, color);
  rect.setLeft(rect.left() + kMarkWidth + 2);
  painter.setPen(color);
  painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                   option.fontMetrics.elidedText(option.text, Qt::ElideRight, rect.width()));
}

void StepDelegate::paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
  const QRect rect = option.rect.adjusted(kInside, 4, -kInside, -6);
  const double fraction = index.data(RunTableModel::kFractionRole).toDouble();
  painter.setPen(colors().text);
  painter.drawText(rect.adjusted(0, 0, 0, -5), Qt::AlignRight | Qt::AlignVCenter, option.text);
  if (fraction >= 0 && !option.text.isEmpty()) paintBar(painter, rect, fraction, markColor(index));
}

void SparkDelegate::paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
  const auto points = index.data(RunTableModel::kSparkRole).value<QList<qreal>>();
  paintSpark(painter, QRectF(option.rect.adjusted(kInside, 8, -kInside - 2, -8)), points,
             colors().accent);
}

void TagsDelegate::paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
  QRect rect = option.rect.adjusted(kInside, 0, -kInside, 0);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFontMetrics& metrics = option.fontMetrics;
  const QString text = index.data(Qt::DisplayRole).toString();
  for (const QString& tag : text.split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
    const int width = metrics.horizontalAdvance(tag) + 2 * kInside;
    if (width > rect.width()) break;
    const QRect chip(rect.left(), rect.center().y() - 9, width, 20);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors().surface, colors().text, 0.08));
    painter.drawRoundedRect(chip, 10, 10);
    painter.setPen(colors().text);
    painter.drawText(chip, Qt::AlignCenter, tag);
    rect.setLeft(rect.left() + width + 4);
  }
}

}  // namespace z2::ui
