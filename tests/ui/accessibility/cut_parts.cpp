// Of audit.h: texts and parts that do not fit into their places.

#include <algorithm>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QStyleOptionComboBox>
#include <QStyleOptionSpinBox>
#include <QTabBar>
#include <QTextEdit>

#include "tests/ui/accessibility/audit.h"
#include "tests/ui/accessibility/widget_words.h"

namespace z2::ui {

namespace {

constexpr int kLeastRows = 3;     // of a list or a text that can be scrolled
constexpr int kLeastScroll = 96;  // of a form that can be scrolled, in pixels
constexpr int kTouch = 2;         // pixels that two texts may share
// As the style sheet has them.
constexpr int kTabPadding = 24;
constexpr int kHeaderPadding = 16;
constexpr int kHeaderPixels = 12;
constexpr int kArrow = 14;  // that says by which column a table is sorted

int lines(const QWidget& widget, int count) { return count * widget.fontMetrics().lineSpacing(); }

QString cutLabel(const QLabel& label) {
  if (label.text().isEmpty() || label.textFormat() == Qt::RichText) return {};
  const QRect place = label.contentsRect();
  if (label.wordWrap()) {
    const int needed = label.heightForWidth(label.width());
    if (label.height() < needed)
      return QStringLiteral("%1 high, needs %2").arg(label.height()).arg(needed);
    const QRect words = label.fontMetrics().boundingRect(QRect(0, 0, place.width(), 10'000),
                                                         Qt::TextWordWrap, label.text());
    if (words.width() > place.width())
      return QStringLiteral("a word is %1 wide in %2").arg(words.width()).arg(place.width());
    return {};
  }
  QString shown = label.text();
  if (label.buddy() != nullptr) shown.remove(QLatin1Char('&'));  // a mnemonic is not drawn
  int needed = 0;
  for (const QString& line : shown.split(QLatin1Char('\n')))
    needed = std::max(needed, label.fontMetrics().horizontalAdvance(line));
  if (place.width() < needed)
    return QStringLiteral("%1 wide, needs %2").arg(place.width()).arg(needed);
  if (place.height() < label.fontMetrics().height())
    return QStringLiteral("%1 high, needs %2")
        .arg(place.height())
        .arg(label.fontMetrics().height());
  return {};
}

QString tooSmall(const QWidget& widget, const QSize& needed) {
  // Half a pixel of a screen at 200 % may be lost.
  if (widget.width() + 1 >= needed.width() && widget.height() + 1 >= needed.height()) return {};
  return QStringLiteral("is %1x%2, needs %3x%4")
      .arg(widget.width())
      .arg(widget.height())
      .arg(needed.width())
      .arg(needed.height());
}

QString cutCombo(const QComboBox& box) {
  QStyleOptionComboBox option;
  option.initFrom(&box);
  option.editable = box.isEditable();
  const QRect field =
      box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box);
  const int needed = box.fontMetrics().horizontalAdvance(box.currentText());
  if (field.width() < needed && box.toolTip().isEmpty())
    return QStringLiteral("text of %1 in %2").arg(needed).arg(field.width());
  return box.height() < box.minimumSizeHint().height() ? QStringLiteral("too low") : QString();
}

QString cutSpin(const QAbstractSpinBox& box) {
  const auto* line = box.findChild<QLineEdit*>();
  if (line == nullptr) return {};
  const int needed = line->fontMetrics().horizontalAdvance(line->text());
  if (line->contentsRect().width() < needed)
    return QStringLiteral("text of %1 in %2").arg(needed).arg(line->contentsRect().width());
  return box.height() < box.minimumSizeHint().height() ? QStringLiteral("too low") : QString();
}

QString cutLine(const QLineEdit& line) {
  if (line.height() < line.minimumSizeHint().height()) return QStringLiteral("too low");
  if (!line.text().isEmpty() || line.placeholderText().isEmpty()) return {};
  const int needed = line.fontMetrics().horizontalAdvance(line.placeholderText());
  const QMargins margins = line.textMargins();
  const int place = line.contentsRect().width() - margins.left() - margins.right() - 16;
  if (place >= needed) return {};
  return QStringLiteral("placeholder of %1 in %2").arg(needed).arg(place);
}

QString cutTabs(const QTabBar& tabs) {
  for (int i = 0; i < tabs.count(); ++i) {
    if (!tabs.isTabVisible(i)) continue;
    const int needed = tabs.fontMetrics().horizontalAdvance(tabs.tabText(i)) + kTabPadding;
    if (tabs.tabRect(i).width() < needed || tabs.tabRect(i).right() > tabs.width())
      return QStringLiteral("the tab ") + tabs.tabText(i);
  }
  return {};
}

QStringList cutCells(const QAbstractItemView& view) {
  QStringList faults;
  for (const QModelIndex& index : shownCells(view)) {
    const int needed = view.sizeHintForIndex(index).width();
    if (index.data().toString().isEmpty() || view.visualRect(index).width() >= needed ||
        !index.data(Qt::ToolTipRole).toString().isEmpty())
      continue;
    faults << QStringLiteral("cell without tool-tip “%1”: %2 wide, needs %3")
                  .arg(index.data().toString().left(40))
                  .arg(view.visualRect(index).width())
                  .arg(needed);
  }
  return faults;
}

QStringList cutHeader(const QHeaderView& header) {
  QStringList faults;
  if (header.orientation() != Qt::Horizontal) return faults;
  QFont small = header.font();
  small.setPixelSize(kHeaderPixels);
  for (int i = 0; i < header.count(); ++i) {
    const QString text = header.model()->headerData(i, Qt::Horizontal).toString();
    int needed = QFontMetrics(small).horizontalAdvance(text) + kHeaderPadding;
    if (header.isSortIndicatorShown() && header.sortIndicatorSection() == i) needed += kArrow;
    if (header.isSectionHidden(i) || header.sectionSize(i) >= needed) continue;
    faults << QStringLiteral("header “%1”: %2 wide, needs %3")
                  .arg(text)
                  .arg(header.sectionSize(i))
                  .arg(needed);
  }
  return faults;
}

// So low that nothing can be read in it, though there is more to see.
QString tooLow(const QAbstractScrollArea& area) {
  const int hidden = area.verticalScrollBar()->maximum() - area.verticalScrollBar()->minimum();
  if (hidden < lines(area, 1)) return {};
  int rows = kLeastRows;
  if (const auto* text = qobject_cast<const QPlainTextEdit*>(&area))
    rows = std::min(rows, text->blockCount());
  int least = lines(area, rows);
  if (qobject_cast<const QScrollArea*>(&area) != nullptr) least = kLeastScroll;
  if (const auto* view = qobject_cast<const QAbstractItemView*>(&area))
    least = std::max(least, kLeastRows * view->sizeHintForRow(0));
  if (area.viewport()->height() >= least) return {};
  return QStringLiteral("shows %1 of what can be scrolled, needs %2")
      .arg(area.viewport()->height())
      .arg(least);
}

// A form that is wider than its window has to be scrolled to and fro to be read.
QString tooWide(const QScrollArea& area) {
  const QWidget* inside = area.widget();
  if (inside == nullptr || inside->width() <= area.viewport()->width()) return {};
  return QStringLiteral("its contents are %1 wide in %2")
      .arg(inside->width())
      .arg(area.viewport()->width());
}

// Where it is not inside of what is around it, and cannot be scrolled to either.
QString outside(const QWidget& widget, const QWidget& root) {
  QRect place = widget.rect();
  const QWidget* at = &widget;
  while (at != &root && at->parentWidget() != nullptr) {
    place.translate(at->pos());
    const QWidget* around = at->parentWidget();
    const auto* area = qobject_cast<const QAbstractScrollArea*>(around->parentWidget());
    if (area != nullptr && area->viewport() == around) return {};  // it is scrolled to
    if (!around->rect().contains(place))
      return QStringLiteral("reaches out of ") + describe(*around);
    at = around;
  }
  return {};
}

QString cutWidget(const QWidget& widget) {
  if (const auto* label = qobject_cast<const QLabel*>(&widget)) return cutLabel(*label);
  if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return cutCombo(*box);
  if (const auto* box = qobject_cast<const QAbstractSpinBox*>(&widget)) return cutSpin(*box);
  if (const auto* line = qobject_cast<const QLineEdit*>(&widget)) return cutLine(*line);
  if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) return cutTabs(*tabs);
  if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
    return button->text().isEmpty() ? QString() : tooSmall(widget, button->minimumSizeHint());
  return {};
}

bool isInner(const QWidget& widget) {
  const QWidget* parent = widget.parentWidget();
  return widget.objectName().startsWith(QLatin1String("qt_")) ||
         qobject_cast<const QLineEdit*>(parent) != nullptr ||
         qobject_cast<const QAbstractSpinBox*>(parent) != nullptr;
}

// Texts beside each other in one widget that lie upon each other.
QStringList overlaps(const QWidget& parent) {
  QStringList faults;
  QList<const QWidget*> shown;
  for (const QObject* child : parent.children()) {
    const auto* widget = qobject_cast<const QWidget*>(child);
    if (widget == nullptr || !widget->isVisible() || shownTexts(*widget).empty()) continue;
    for (const QWidget* other : shown) {
      const QRect both = other->geometry() & widget->geometry();
      if (both.width() > kTouch && both.height() > kTouch)
        faults << QStringLiteral("lies upon %1: %2").arg(describe(*other), describe(*widget));
    }
    shown << widget;
  }
  return faults;
}

}  // namespace

QStringList cutParts(const QWidget& root) {
  QStringList faults;
  for (const QWidget* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisible() || isInner(*widget)) continue;
    faults += overlaps(*widget);
    const auto add = [&](const QString& why) {
      if (!why.isEmpty()) faults << QStringLiteral("cut: %1: %2").arg(why, describe(*widget));
    };
    add(cutWidget(*widget));
    if (const auto* header = qobject_cast<const QHeaderView*>(widget)) {
      for (const QString& why : cutHeader(*header)) add(why);
      continue;
    }
    if (const auto* view = qobject_cast<const QAbstractItemView*>(widget))
      for (const QString& why : cutCells(*view)) add(why);
    if (const auto* area = qobject_cast<const QAbstractScrollArea*>(widget)) add(tooLow(*area));
    if (const auto* area = qobject_cast<const QScrollArea*>(widget)) add(tooWide(*area));
    const bool isPart = !shownTexts(*widget).empty() || widget->focusPolicy() != Qt::NoFocus;
    if (isPart) add(outside(*widget, root));
  }
  return faults;
}

}  // namespace z2::ui
