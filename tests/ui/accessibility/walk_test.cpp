// Through everything that the window can show, in both languages and themes: each control has a
// name and a role, Tab reaches all of them, no text is cut, and texts differ from what lies behind
// them. At 100 % in a window of 1280 x 800; with QT_SCALE_FACTOR=2 as on a screen of 1920 x 1120
// at 200 %. Z2_WALK_PICTURES=FOLDER keeps a picture of each state.

#include <QDir>
#include <QtTest>

#include "tests/ui/accessibility/audit.h"
#include "tests/ui/accessibility/states.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

// What the window is made to show, one after the other.
struct Way {
  const char* language;
  ThemeName theme;
  bool isEmpty;
};
constexpr Way kWays[] = {{"en", ThemeName::kLight, false},
                         {"zh_CN", ThemeName::kDark, false},
                         {"en", ThemeName::kDark, true},
                         {"zh_CN", ThemeName::kLight, true}};

QSize windowSize() {
  return qApp->devicePixelRatio() >= 2 ? QSize(1920, 1120) / 2 : QSize(1280, 800);
}

}  // namespace

class WalkTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { full_ = std::make_unique<FullWorkspace>(); }
  void cleanupTestCase() { close(); }

  void everyState_data() {
    QTest::addColumn<int>("way");
    QTest::addColumn<int>("state");
    for (int way = 0; way < static_cast<int>(std::size(kWays)); ++way) {
      const std::vector<State> states = statesOn(kWays[way]);
      for (int state = 0; state < static_cast<int>(states.size()); ++state)
        QTest::addRow("%s, %s", states[static_cast<size_t>(state)].name, kWays[way].language)
            << way << state;
    }
  }

  void everyState() {
    QFETCH(const int, way);
    QFETCH(const int, state);
    if (way != way_) begin(way);
    QVERIFY(at_ != nullptr && at_->isOpen());
    const State& shown = states_.at(static_cast<size_t>(state));
    shown.enter(*at_);
    if (QTest::currentTestFailed()) return;
    QTest::qWait(60);  // layouts and fade-ins are done
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    QWidget* modal = QApplication::activeModalWidget();
    QWidget& root = modal != nullptr ? *modal : static_cast<QWidget&>(at_->window());
    keepPicture(root, kWays[way], QString::fromLatin1(shown.name));
    QStringList faults = namelessControls(root) + cutParts(root) + faintTexts(root);
    if (modal == nullptr && root.size() != windowSize())
      faults << QStringLiteral("the window became %1x%2 to hold its page")
                    .arg(root.width())
                    .arg(root.height());
    faults += controlsThatTabMisses(root);
    if (shown.leave) shown.leave(*at_);
    for (const QString& fault : faults) qInfo().noquote() << fault;
    QVERIFY(faults.isEmpty());
  }

  void colorsDifferEnough_data() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }

  void colorsDifferEnough() {
    QFETCH(const bool, isDark);
    close();
    applyTheme(*qApp, isDark ? ThemeName::kDark : ThemeName::kLight);
    const ThemeColors& c = colors();
    for (const QColor& back : {c.background, c.surface})
      for (const QColor& front :
           {c.text, c.secondary, c.running, c.finished, c.stopped, c.failed, c.waiting})
        QVERIFY2(contrast(front, back) >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                                              .arg(front.name(), back.name())
                                                              .arg(contrast(front, back))));
    QVERIFY(contrast(c.onAccent, c.accent) >= 4.5);
  }

 private:
  [[nodiscard]] std::vector<State> statesOn(const Way& way) const {
    return way.isEmpty ? statesOfNothing() : statesOf(*full_);
  }

  void begin(int way) {
    close();
    way_ = way;
    states_ = statesOn(kWays[way]);
    applyTheme(*qApp, kWays[way].theme);
    empty_ = std::make_unique<TemporaryFolder>();
    at_ = std::make_unique<Journey>(kWays[way].isEmpty ? empty_->path() : full_->path());
    at_->open(QString::fromLatin1(kWays[way].language), windowSize());
  }

  void close() {
    if (at_ != nullptr && at_->isOpen()) at_->close();
    at_.reset();
    way_ = -1;
  }

  static void keepPicture(QWidget& root, const Way& way, const QString& name) {
    const QString folder = qEnvironmentVariable("Z2_WALK_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    root.grab().save(
        QStringLiteral("%1/%2-%3.png")
            .arg(folder,
                 QString(name).remove(QLatin1Char(',')).replace(QLatin1Char(' '), QLatin1Char('_')),
                 QString::fromLatin1(way.language)));
  }

  std::unique_ptr<FullWorkspace> full_;
  std::unique_ptr<TemporaryFolder> empty_;
  std::unique_ptr<Journey> at_;
  std::vector<State> states_;
  int way_ = -1;
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::WalkTest)
#include "walk_test.moc"
