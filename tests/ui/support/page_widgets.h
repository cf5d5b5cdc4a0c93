#pragma once

// What a test finds on a page by its object name.

#include <QPushButton>
#include <QString>
#include <QTest>
#include <QWidget>

namespace z2::ui {

template <typename Widget>
Widget* named(QWidget& page, const char* name) {
  auto* found = page.findChild<Widget*>(QString::fromLatin1(name));
  if (found == nullptr) qFatal("there is no %s", name);
  return found;
}

inline void press(QWidget& page, const char* button) {
  QTest::mouseClick(named<QPushButton>(page, button), Qt::LeftButton);
}

}  // namespace z2::ui
