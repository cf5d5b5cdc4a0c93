// Every page of the window, in both languages: each control has a name and a role, all of them are
// reached by Tab, no text is wider than its place; the colours of both themes differ enough.

#include <cmath>

#include <QAbstractButton>
#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QtTest>

#include "app/workbench/main_window.h"
#include "app/workbench/page_factory.h"
#include "app/workbench/translations.h"
#include "tests/ui/support/workspace.h"

namespace z2::ui {

namespace {

double luminance(const QColor& color) {
  const auto linear = [](double c) {
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
         0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QString describe(const QWidget* widget) {
  QString text = QString::fromLatin1(widget->metaObject()->className());
  for (const QWidget* w = widget->parentWidget(); w != nullptr; w = w->parentWidget())
    text = QString::fromLatin1(w->metaObject()->className()) + QLatin1Char('/') + text;
  return text;
}

bool isControl(const QWidget* widget) {
  return widget->focusPolicy() != Qt::NoFocus && widget->isVisible() && widget->isEnabled() &&
         widget->focusProxy() == nullptr &&
         !widget->objectName().startsWith(QLatin1String("qt_")) &&
         qobject_cast<const QLineEdit*>(widget->parentWidget()) == nullptr;
}

// A text that is drawn on one line and does not fit; empty when all do.
QString cutText(const QWidget* widget) {
  if (const auto* label = qobject_cast<const QLabel*>(widget)) {
    if (label->wordWrap() || label->text().isEmpty() || label->textFormat() == Qt::RichText)
      return {};
    QString shown = label->text();
    if (label->buddy() != nullptr) shown.remove(QLatin1Char('&'));  // a mnemonic is not drawn
    const int needed = label->fontMetrics().horizontalAdvance(shown);
    return label->contentsRect().width() < needed ? label->text() : QString();
  }
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
    return button->width() < button->minimumSizeHint().width() ? button->text() : QString();
  if (const auto* box = qobject_cast<const QComboBox*>(widget))
    return box->width() < box->minimumSizeHint().width() ? box->currentText() : QString();
  return {};
}

}  // namespace

class AccessibilityTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPage_data() {
    QTest::addColumn<int>("page");
    QTest::addColumn<QString>("language");
    for (const char* language : {"en", "zh_CN"})
      for (const Place& place : places())
        QTest::addRow("%s %s", place.name, language)
            << static_cast<int>(place.id) << QString::fromLatin1(language);
  }

  void everyPage() {
    QFETCH(const int, page);
    QFETCH(const QString, language);
    const TestWorkspace workspace;
    workspace.add({.name = "alpha", .rows = 1000});
    workspace.add({.name = "beta", .state = RunState::kStopped, .rows = 50});
    Settings settings(workspace.settingsFile());
    settings.setLanguage(language);
    Translations translations;
    translations.use(language);
    Workbench workbench(Workspace(workspace.path()), settings);
    MainWindow window(workbench);
    window.resize(1280, 800);
    window.showPage(static_cast<PageId>(page), {QStringLiteral("alpha")});
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QTRY_VERIFY_WITH_TIMEOUT(window.isSettled(), 20'000);
    QTest::qWait(50);
    QStringList faults;
    QSet<QWidget*> controls;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
      if (!widget->isVisible()) continue;
      if (const QString cut = cutText(widget); !cut.isEmpty())
        faults << QStringLiteral("cut: %1 in %2").arg(cut, describe(widget));
      if (!isControl(widget)) continue;
      controls.insert(widget);
      const auto* seen = QAccessible::queryAccessibleInterface(widget);
      if (seen == nullptr || seen->role() == QAccessible::NoRole)
        faults << QStringLiteral("no role: ") + describe(widget);
      else if (seen->text(QAccessible::Name).isEmpty())
        faults << QStringLiteral("no name: ") + describe(widget);
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    for (QWidget* step = window.nextInFocusChain(); step != &window;
         step = step->nextInFocusChain())
      controls.remove(step);
    QVERIFY(controls.isEmpty());
  }

  void colorsDifferEnough_data() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }

  void colorsDifferEnough() {
    QFETCH(const bool, isDark);
    applyTheme(*qApp, isDark ? ThemeName::kDark : ThemeName::kLight);
    const ThemeColors& c = colors();
    for (const QColor& back : {c.background, c.surface})
      for (const QColor& front :
           {c.text, c.secondary, c.running, c.finished, c.stopped, c.failed, c.waiting})
        QVERIFY2(contrast(front, back) >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                                              .arg(front.name(), back.name())
                                                              .arg(contrast(front, back))));
    QVERIFY(contrast(c.onAccent, c.accent) >= 4.5);
    applyTheme(*qApp, ThemeName::kLight);
  }
};

}  // namespace z2::ui

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  z2::ui::applyTheme(application, z2::ui::ThemeName::kLight);
  z2::ui::AccessibilityTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "accessibility_test.moc"
