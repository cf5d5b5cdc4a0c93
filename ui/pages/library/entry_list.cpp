#include "ui/pages/library/entry_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kRowHeight = 52;

class EntryDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {200, kRowHeight};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool isSelected = (option.state & QStyle::State_Selected) != 0;
    const QRect row = option.rect.adjusted(4, 2, -4, -2);
    if (isSelected) {
      QColor fill = colors().accent;
      fill.setAlphaF(colors().isDark ? 0.22F : 0.13F);
      painter->setBrush(fill);
      painter->setPen((option.state & QStyle::State_HasFocus) != 0 ? QPen(colors().accent, 1)
                                                                   : QPen(Qt::NoPen));
      painter->drawRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    const QRect text = row.adjusted(10, 5, -10, -5);
    QFont font = option.font;
    font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(colors().text);
    const auto elided = [&](const QFont& with, int role) {
      return QFontMetrics(with).elidedText(index.data(role).toString(), Qt::ElideRight,
                                           text.width());
    };
    painter->drawText(text, Qt::AlignLeft | Qt::AlignTop, elided(font, Qt::DisplayRole));
    font.setWeight(QFont::Normal);
    font.setPixelSize(12);
    painter->setFont(font);
    const bool hasProblem = index.data(EntryModel::kProblemRole).toBool();
    painter->setPen(hasProblem ? colors().failed : colors().secondary);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignBottom, elided(font, EntryModel::kDetailRole));
    painter->restore();
  }
};

}  // namespace

EntryList::EntryList(QWidget* parent) : QListView(parent), model_(child<EntryModel>(this)) {
  setModel(model_);
  setItemDelegate(child<EntryDelegate>(this));
  setUniformItemSizes(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(ScrollPerPixel);
  setMinimumWidth(220);
}

void EntryList::setEntries(const QList<Entry>& entries) {
  model_->setEntries(entries);
  if (!currentIndex().isValid() && model_->rowCount() > 0) setCurrentIndex(model_->index(0));
}

QString EntryList::currentKey() const {
  return currentIndex().data(EntryModel::kKeyRole).toString();
}

bool EntryList::setCurrentKey(const QString& key) {
  const int row = model_->rowOf(key);
  if (row < 0) return false;
  setCurrentIndex(model_->index(row));
  return true;
}

void EntryList::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QListView::currentChanged(current, previous);
  Q_EMIT currentKeyChanged(current.data(EntryModel::kKeyRole).toString());
}

}  // namespace z2::ui
