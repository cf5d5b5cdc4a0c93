#pragma once

// Which texts a widget shows, where, and how to name it to the reader of a test.

#include <vector>

#include <QModelIndex>
#include <QRect>
#include <QString>
#include <QWidget>

class QAbstractItemView;

namespace z2::ui {

// Its classes from the window down, its object name, its text.
[[nodiscard]] QString describe(const QWidget& widget);

struct ShownText {
  QString text;
  QRect place;  // in the widget
};
// Of labels, buttons, fields, tabs, headers and the cells that can be seen whole.
[[nodiscard]] std::vector<ShownText> shownTexts(const QWidget& widget);
// Cells that can be seen, whole or in part.
[[nodiscard]] std::vector<QModelIndex> shownCells(const QAbstractItemView& view);
// What of the widget can be seen, in the coordinates of `root`.
[[nodiscard]] QRect visibleRect(const QWidget& widget, const QWidget& root);

}  // namespace z2::ui
