// What the window says when a checkpoint is damaged, data vanish, the disk is full, or a line of
// metrics is torn; and that nothing else is lost.

#include <fstream>

#include <sys/resource.h>

#include <QLabel>
#include <QTableView>
#include <QtTest>

#include "core/checkpoint/checkpoint_store.h"
#include "core/io/files.h"
#include "tests/ui/journey/journey.h"

namespace z2::ui {

namespace fs = std::filesystem;

class DamageTest : public QObject {
  Q_OBJECT

 private:
  void openRun(const QString& name) {
    at_.go(PageId::kRuns);
    auto* table = at_.see<QTableView>("runTable");
    QVERIFY(at_.clickRow(table, name));
    QTest::keyClick(table, Qt::Key_Return);
    QVERIFY(at_.isSettled());
  }
  QTableView* openTab(const QString& name) {
    auto* tabs = at_.see<QTabWidget>("runTabs");
    at_.openTab(tabs, name);
    return tabs->currentWidget()->findChild<QTableView*>();
  }

  std::unique_ptr<SmallWorkspace> workspace_ = std::make_unique<SmallWorkspace>();
  Journey at_{workspace_->path()};

 private Q_SLOTS:
  void initTestCase() {
    for (const char* name : {"whole", "without-data"})
      static_cast<void>(workspace_->makeRun(name, {"train.steps=20"}));
    static_cast<void>(
        workspace_->makeRun("full", {"train.steps=20", "model.intermediate_size=2048"}));
    at_.open();
    openRun(QStringLiteral("whole"));
    QVERIFY(at_.click("begin"));
    QVERIFY(at_.reaches("whole", RunState::kFinished));
  }
  void cleanupTestCase() { at_.close(); }
  void cleanup() { at_.dismissMessages(); }

  void aTornLineOfMetricsIsNamedAndTheOthersAreShown() {
    const fs::path metrics = workspace_->run("whole") / "metrics.jsonl";
    std::string lines = readFile(metrics, uint64_t{1} << 20).value();
    lines[lines.find('\n') + 3] = '\x01';  // in the second line
    QVERIFY(replaceFile(metrics, lines));
    at_.close();
    at_.open();
    openRun(QStringLiteral("whole"));
    const auto isTold = [&] {
      const auto* told = at_.see<QLabel>("damage");
      return told != nullptr && told->text().contains(QStringLiteral("metrics.jsonl"));
    };
    QVERIFY(waitUntil(isTold));
    QVERIFY(at_.see<QLabel>("runSteps")->text().contains(QStringLiteral("loss")));
  }

  void aDamagedCheckpointIsNamedAndKept() {
    const auto steps = checkpointSteps(workspace_->run("whole") / "ckpt");
    const fs::path file = workspace_->run("whole") / "ckpt" /
                          ("step_" + std::to_string(steps.back())) / "model.safetensors";
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(200).put('!');
    openRun(QStringLiteral("whole"));
    QTableView* table = openTab(QStringLiteral("Checkpoints"));
    QVERIFY(at_.clickRow(table, QLocale().toString(qlonglong{steps.back()})));
    QVERIFY(at_.clickText(QStringLiteral("Verify")));
    QVERIFY(waitUntil([&] { return at_.message().contains(QStringLiteral("model.safetensors")); }));
    QVERIFY(at_.message().contains(QStringLiteral("older checkpoint")));  // what it means
    QCOMPARE(checkpointSteps(workspace_->run("whole") / "ckpt"), steps);
  }

  void aFullDiskLosesNoStep() {
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    // Metrics, status and what ThreadSanitizer begins with are smaller, a checkpoint is larger.
    const rlimit small{.rlim_cur = 600'000, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    openRun(QStringLiteral("full"));
    const bool isPressed = at_.click("begin");
    const bool isOver =
        isPressed && waitUntil([&] {
          return !isActive(at_.report("full").status.state) && at_.report("full").status.step == 20;
        });
    ::setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(isOver);
    QTableView* events = openTab(QStringLiteral("Events"));
    QVERIFY(waitUntil([&] {
      for (int row = 0; row < events->model()->rowCount(); ++row)
        if (events->model()->index(row, 1).data().toString() ==
            QLatin1String("Checkpoint not saved"))
          return true;
      return false;
    }));
  }

  void vanishedDataAreNamedAndTheRunGoesOnWhenTheyAreBack() {
    const fs::path data = workspace_->data().native() + ".bin";
    const fs::path elsewhere = workspace_->path() / "elsewhere.bin";
    fs::rename(data, elsewhere);
    openRun(QStringLiteral("without-data"));
    QVERIFY(at_.click("begin"));
    QVERIFY(waitUntil([&] { return at_.message().contains(QStringLiteral("walk.bin")); }));
    QVERIFY(at_.message().contains(QStringLiteral("its settings are kept")));
    fs::rename(elsewhere, data);
    QVERIFY(at_.click("begin"));
    QVERIFY(at_.reaches("without-data", RunState::kFinished));
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::DamageTest)
#include "damage_test.moc"
