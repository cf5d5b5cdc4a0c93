#include "tests/ui/accessibility/audit.h"

#include <algorithm>

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QButtonGroup>
#include <QComboBox>
#include <QLineEdit>
#include <QProgressBar>
#include <QScrollArea>
#include <QSet>
#include <QTabBar>
#include <QtTest>

#include "tests/ui/accessibility/widget_words.h"

namespace z2::ui {

namespace {

constexpr int kMostSteps = 600;  // of Tab

// What Qt makes for itself inside of a control.
bool isInner(const QWidget& widget) {
  return widget.focusProxy() != nullptr || widget.objectName().startsWith(QLatin1String("qt_")) ||
         qobject_cast<const QLineEdit*>(widget.parentWidget()) != nullptr ||
         qobject_cast<const QAbstractSpinBox*>(widget.parentWidget()) != nullptr ||
         qobject_cast<const QComboBox*>(widget.parentWidget()) != nullptr;
}

bool isControl(const QWidget& widget) {
  return widget.isVisible() && !isInner(widget) &&
         (widget.focusPolicy() != Qt::NoFocus ||
          qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
          qobject_cast<const QProgressBar*>(&widget) != nullptr);
}

// Of buttons of which one is pressed, Tab comes to one; the arrows go to the others.
bool isReached(QWidget* widget, const QSet<QWidget*>& reached) {
  const auto* button = qobject_cast<const QAbstractButton*>(widget);
  if (button == nullptr || button->group() == nullptr || !button->group()->exclusive())
    return reached.contains(widget);
  const auto buttons = button->group()->buttons();
  return std::any_of(buttons.begin(), buttons.end(),
                     [&](QAbstractButton* other) { return reached.contains(other); });
}

}  // namespace

QStringList namelessControls(const QWidget& root) {
  QStringList faults;
  for (QWidget* widget : root.findChildren<QWidget*>()) {
    if (!isControl(*widget)) continue;
    const auto* told = QAccessible::queryAccessibleInterface(widget);
    if (told == nullptr || told->role() == QAccessible::NoRole ||
        (told->role() == QAccessible::Client && qobject_cast<QScrollArea*>(widget) == nullptr))
      faults << QStringLiteral("no role: ") + describe(*widget);
    else if (told->text(QAccessible::Name).isEmpty())
      faults << QStringLiteral("no name: ") + describe(*widget);
  }
  return faults;
}

QStringList controlsThatTabMisses(QWidget& root) {
  QList<QWidget*> wanted;
  for (QWidget* widget : root.findChildren<QWidget*>())
    if (widget->isVisible() && widget->isEnabled() && !isInner(*widget) &&
        (widget->focusPolicy() & Qt::TabFocus) != 0)
      wanted << widget;
  root.activateWindow();  // a dialog before it may have taken the keys with it
  if (!QTest::qWaitForWindowActive(&root)) return {QStringLiteral("the window is not active")};
  QWidget* const before = QApplication::focusWidget();
  QStringList faults;
  QSet<QWidget*> reached;
  QWidget* last = before;
  for (int step = 0; step < kMostSteps; ++step) {
    QTest::keyClick(last != nullptr ? last : &root, Qt::Key_Tab);
    QWidget* now = QApplication::focusWidget();
    if (now == nullptr) break;
    if (now == last && wanted.size() > 1) {
      faults << QStringLiteral("Tab does not leave: ") + describe(*now);
      break;
    }
    last = now;
    if (reached.contains(now)) break;
    reached.insert(now);
  }
  for (QWidget* widget : wanted)
    if (!isReached(widget, reached))
      faults << QStringLiteral("not reached by Tab: ") + describe(*widget);
  if (before != nullptr) before->setFocus(Qt::OtherFocusReason);
  return faults;
}

}  // namespace z2::ui
