// What the table of runs reads and writes on disk: labels, the glance at metrics, the trash, and
// the watcher over all of them.

#include <fstream>

#include <QSignalSpy>
#include <QtTest>

#include "tests/ui/support/workspace.h"
#include "ui/services/metrics_glance.h"
#include "ui/services/run_label.h"
#include "ui/services/run_trash.h"
#include "ui/services/run_watcher.h"

namespace z2::ui {

class RunFilesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aLabelComesBackAsItWasWritten() {
    const TestWorkspace workspace;
    const auto run = workspace.add({.name = "a"});
    const RunLabel label = {.title = QStringLiteral("第一次"),
                            .tags = {QStringLiteral("x y"), QStringLiteral("z")},
                            .isArchived = true};
    QVERIFY(writeRunLabel(run, label).has_value());
    const RunLabel back = readRunLabel(run);
    QCOMPARE(back.title, label.title);
    QCOMPARE(back.tags, label.tags);
    QVERIFY(back.isArchived);
    QVERIFY(writeRunLabel(run, {}).has_value());
    QVERIFY(!std::filesystem::exists(run / "label.json"));
  }

  void aDamagedLabelIsAnEmptyOne() {
    const TestWorkspace workspace;
    const auto run = workspace.add({.name = "a"});
    std::ofstream(run / "label.json") << R"({"title": 7, "tags": [1, "t"], "archived": "yes")";
    QVERIFY(readRunLabel(run).title.isEmpty());
    std::ofstream(run / "label.json") << R"({"title": 7, "tags": [1, "t"], "archived": "yes"})";
    QCOMPARE(readRunLabel(run).tags, QStringList{QStringLiteral("t")});
    QVERIFY(!readRunLabel(run).isArchived);
  }

  void tagsAreParsedFromOneLine() {
    QCOMPARE(parseTags(QStringLiteral(" a, b  c ,,a")),
             (QStringList{QStringLiteral("a"), QStringLiteral("b c")}));
  }

  void theGlanceFollowsAGrowingFile() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("m.jsonl")).toStdString();
    std::ofstream out(file);
    MetricsGlance glance;
    for (int step = 1; step <= 200; ++step) {
      out << R"({"step":)" << step << R"(,"loss":)" << 500 - step << R"(,"tok_s":7})" << '\n';
      out.flush();
      if (step % 10 == 0) glance.look(file);
    }
    QCOMPARE(glance.loss(), std::optional(300.0));
    QCOMPARE(glance.tokensPerSecond(), std::optional(7.0));
    QVERIFY(!glance.validLoss());
    const auto spark = glance.spark();
    QVERIFY(spark.size() > 32 && spark.size() <= 64);
    QVERIFY(std::is_sorted(spark.rbegin(), spark.rend()));
    out << R"({"step":201,"loss":12)";  // a line that is not complete yet
    out.flush();
    glance.look(file);
    QCOMPARE(glance.loss(), std::optional(300.0));
    out << R"(3,"valid/loss":2.5})" << '\n';
    out.flush();
    glance.look(file);
    QCOMPARE(glance.loss(), std::optional(123.0));
    QCOMPARE(glance.validLoss(), std::optional(2.5));
  }

  void aLongFileIsSampledOverItsWholeLength() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("m.jsonl")).toStdString();
    std::ofstream out(file);
    for (int step = 1; step <= 50'000; ++step)
      out << R"({"step":)" << step << R"(,"loss":)" << 100'000 - step << R"(,"loss_other":1})"
          << '\n';
    out.close();
    MetricsGlance glance;
    QVERIFY(glance.look(file));
    QVERIFY(!glance.look(file));
    QCOMPARE(glance.loss(), std::optional(50'000.0));
    const auto spark = glance.spark();
    QVERIFY(spark.size() >= 32 && spark.size() <= 64);
    QVERIFY(spark.front() > 98'000 && spark.back() < 52'000);
  }

  void deletedRunsCanBeTakenBack() {
    const TestWorkspace workspace;
    const auto run = workspace.add({.name = "a"});
    const auto trashed = moveToTrash(run, workspace.path() / ".trash");
    QVERIFY(trashed.has_value());
    QVERIFY(!std::filesystem::exists(run));
    QVERIFY(takeFromTrash(*trashed, run).has_value());
    QVERIFY(std::filesystem::exists(run / "run.json"));
  }

  void aRunAtWorkIsNotDeleted() {
    const TestWorkspace workspace;
    const auto run = workspace.add({.name = "a", .state = RunState::kRunning});
    QVERIFY(!moveToTrash(run, workspace.path() / ".trash").has_value());
    QVERIFY(std::filesystem::exists(run / "run.json"));
  }

  void theWatcherTellsWhatChanged() {
    const TestWorkspace workspace;
    const auto a = workspace.add({.name = "a"});
    workspace.add({.name = "b"});
    RunWatcher watcher(workspace.path());
    QSignalSpy changes(&watcher, &RunWatcher::changed);
    QTRY_COMPARE(watcher.runs().size(), 2);
    const RunSummary* first = watcher.find(QStringLiteral("a"));
    QVERIFY(first != nullptr);
    QCOMPARE(first->title, QStringLiteral("a"));
    QVERIFY(std::abs(first->loss.value() - 0.5) < 1e-4);
    QVERIFY(!first->spark.empty());
    QVERIFY(writeRunLabel(a, {.title = QStringLiteral("first")}).has_value());
    QTRY_COMPARE(watcher.find(QStringLiteral("a"))->title, QStringLiteral("first"));
    std::filesystem::remove_all(a);
    QTRY_COMPARE(watcher.runs().size(), 1);
    QVERIFY(watcher.find(QStringLiteral("a")) == nullptr);
    QCOMPARE(watcher.find(QStringLiteral("b"))->name, QStringLiteral("b"));
    QVERIFY(changes.last().first().toStringList().contains(QStringLiteral("a")));
  }
};

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::RunFilesTest)
#include "run_files_test.moc"
