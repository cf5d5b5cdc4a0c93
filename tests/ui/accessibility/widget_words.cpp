#include "tests/ui/accessibility/widget_words.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabBar>

namespace z2::ui {

namespace {

constexpr int kMostRows = 60;
constexpr int kFrame = 4;  // of a button or a field

QString textOf(const QWidget& widget) {
  if (const auto* label = qobject_cast<const QLabel*>(&widget)) return label->text();
  if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) return button->text();
  if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return box->currentText();
  if (const auto* box = qobject_cast<const QAbstractSpinBox*>(&widget)) return box->text();
  if (const auto* line = qobject_cast<const QLineEdit*>(&widget))
    return line->text().isEmpty() ? line->placeholderText() : line->text();
  return {};
}

}  // namespace

QString describe(const QWidget& widget) {
  QStringList path;
  for (const QWidget* at = &widget; at != nullptr && path.size() < 5; at = at->parentWidget())
    path.prepend(
        QString::fromLatin1(at->metaObject()->className()).remove(QLatin1String("z2::ui::")));
  QString text = path.join(QLatin1Char('/'));
  if (!widget.objectName().isEmpty()) text += QLatin1Char('#') + widget.objectName();
  const QRect place(widget.mapTo(widget.window(), QPoint()), widget.size());
  return QStringLiteral("%1 “%2” at %3,%4 %5x%6")
      .arg(text, textOf(widget).left(60))
      .arg(place.x())
      .arg(place.y())
      .arg(place.width())
      .arg(place.height());
}

std::vector<QModelIndex> shownCells(const QAbstractItemView& view) {
  std::vector<QModelIndex> cells;
  if (view.model() == nullptr) return cells;
  const QRect area = view.viewport()->rect();
  const int rows = std::min(view.model()->rowCount(view.rootIndex()), kMostRows);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < view.model()->columnCount(view.rootIndex()); ++column) {
      const QModelIndex index = view.model()->index(row, column, view.rootIndex());
      const QRect place = view.visualRect(index);
      if (!place.isEmpty() && area.intersects(place)) cells.push_back(index);
    }
  return cells;
}

std::vector<ShownText> shownTexts(const QWidget& widget) {
  std::vector<ShownText> texts;
  if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) {
    for (int i = 0; i < tabs->count(); ++i)
      if (tabs->isTabVisible(i)) texts.push_back({tabs->tabText(i), tabs->tabRect(i)});
    return texts;
  }
  if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) {
    if (header->orientation() != Qt::Horizontal || header->model() == nullptr) return texts;
    for (int i = 0; i < header->count(); ++i)
      if (!header->isSectionHidden(i))
        texts.push_back({header->model()->headerData(i, Qt::Horizontal).toString(),
                         QRect(header->sectionViewportPosition(i), 0, header->sectionSize(i),
                               header->height())});
    return texts;
  }
  if (const auto* view = qobject_cast<const QAbstractItemView*>(&widget)) {
    const QPoint origin = view->viewport()->pos();
    for (const QModelIndex& index : shownCells(*view))
      if (const QRect place = view->visualRect(index); view->viewport()->rect().contains(place))
        texts.push_back({index.data().toString(), place.translated(origin)});
    return texts;
  }
  const QString text = textOf(widget);
  if (text.isEmpty()) return texts;
  if (const auto* label = qobject_cast<const QLabel*>(&widget))
    texts.push_back({text, label->contentsRect()});
  else
    texts.push_back({text, widget.rect().adjusted(kFrame, kFrame, -kFrame, -kFrame)});
  return texts;
}

QRect visibleRect(const QWidget& widget, const QWidget& root) {
  QRect seen(widget.mapTo(&root, QPoint()), widget.size());
  for (const QWidget* at = widget.parentWidget(); at != nullptr; at = at->parentWidget()) {
    seen &= QRect(at->mapTo(&root, QPoint()), at->size());
    if (at == &root) break;
  }
  return seen;
}

}  // namespace z2::ui
