// Somebody opens the window for the first time, presses the one button, closes the window in the
// middle, finds the demo still at work, and stops it.

#include <QLabel>
#include <QtTest>

#include "core/demo/demo_plan.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/journey/journey.h"
#include "tests/ui/journey/small_text.h"

namespace z2::ui {

class FirstStartTest : public QObject {
  Q_OBJECT

 private:
  TemporaryFolder folder_;
  DemoPlan demo_{.workspace = Workspace(folder_.path())};
  Journey at_{folder_.path()};

 private Q_SLOTS:
  void initTestCase() {
    // A short text where the demo looks for its own, so that its tokenizer takes a second.
    writeSmallText(demo_.data().parent_path() / "english.txt");
    at_.open();
  }
  void cleanupTestCase() {
    if (at_.isOpen()) at_.close();
  }

  void theOneButtonOpensTheRun() {
    QAbstractButton* train = nullptr;
    for (auto* button : at_.window().findChildren<QAbstractButton*>())
      if (button->isVisible() && button->text().startsWith(QStringLiteral("Train the demo (about")))
        train = button;
    QVERIFY(train != nullptr);
    QTest::mouseClick(train, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return at_.see<QWidget>("jobBar") != nullptr; }));
    QVERIFY(waitUntil([&] { return at_.window().currentPage() == PageId::kRun; }));
    QVERIFY(at_.reaches("demo-en", RunState::kRunning));
    QVERIFY(waitUntil([&] {
      const auto* steps = at_.see<QLabel>("runSteps");
      return steps != nullptr && steps->text().contains(QStringLiteral("loss"));
    }));
  }

  void theNextWindowShowsIt() {
    at_.close();
    QVERIFY(isActive(at_.report("demo-en").status.state));
    at_.open();
    QVERIFY(waitUntil([&] { return at_.see<QWidget>("jobBar") != nullptr; }));
    QVERIFY(at_.button(QStringLiteral("Cancel")) != nullptr);
  }

  void cancellingStopsAndSaves() {
    QVERIFY(at_.clickText(QStringLiteral("Cancel")));
    QVERIFY(at_.reaches("demo-en", RunState::kStopped));
    QVERIFY(at_.report("demo-en").isResumable);
    QVERIFY(waitUntil([&] { return at_.see<QWidget>("jobBar") == nullptr; }));
    QCOMPARE(at_.message(), QString());  // who cancelled knows
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::FirstStartTest)
#include "first_start_test.moc"
