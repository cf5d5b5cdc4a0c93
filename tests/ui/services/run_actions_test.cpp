// Real runs of the real engine, begun and ended as the window does it.

#include "ui/services/run_actions.h"

#include <fstream>

#include <QtTest>

#include "core/run/run_report.h"
#include "core/supervise/run_queue.h"
#include "tests/ui/support/small_workspace.h"
#include "ui/services/workbench.h"

namespace z2::ui {

namespace fs = std::filesystem;
using Kind = RunActions::Kind;

class RunActionsTest : public QObject {
  Q_OBJECT

 private:
  // Waits for the end of the action that was just asked for; its notice.
  Notice ended(const QString& run, bool isGood) {
    const auto& spy = isGood ? *finished_ : *failed_;
    const auto& other = isGood ? *failed_ : *finished_;
    const auto before = seen_;
    const bool isDone =
        waitUntil([&] { return spy.count() + other.count() > before && !actions().isBusy(run); });
    seen_ = spy.count() + other.count();
    if (!isDone || spy.isEmpty()) {
      QTest::qFail(isDone ? qPrintable(last_.what) : "it took too long", __FILE__, __LINE__);
      return {};
    }
    return last_;
  }
  RunActions& actions() { return workbench_->actions(); }
  RunReport report(const std::string& name) {
    return inspectRun(RunDirectory::open(workspace_->run(name)).value()).value();
  }
  bool waitForStep(const std::string& name, int64_t step) {
    return waitUntil([&] { return report(name).status.step >= step; });
  }
  bool waitForState(const std::string& name, RunState state) {
    return waitUntil([&] { return report(name).status.state == state; });
  }

  std::unique_ptr<SmallWorkspace> workspace_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
  std::unique_ptr<QSignalSpy> finished_;
  std::unique_ptr<QSignalSpy> failed_;
  Notice last_;
  qsizetype seen_ = 0;

 private Q_SLOTS:
  void init() {
    workspace_ = std::make_unique<SmallWorkspace>();
    settings_ = std::make_unique<Settings>(
        QString::fromStdString((workspace_->path() / "window.ini").native()));
    workbench_ = std::make_unique<Workbench>(Workspace(workspace_->path()), *settings_);
    finished_ = std::make_unique<QSignalSpy>(&actions(), &RunActions::finished);
    failed_ = std::make_unique<QSignalSpy>(&actions(), &RunActions::failed);
    seen_ = 0;
    const auto keep = [this](const QString&, Kind, const Notice& notice) { last_ = notice; };
    connect(&actions(), &RunActions::finished, this, keep);
    connect(&actions(), &RunActions::failed, this, keep);
  }
  void cleanup() {
    workbench_.reset();
    workspace_.reset();
  }

  void startStopResumeExtend() {
    static_cast<void>(workspace_->makeRun("a", {"train.steps=100000"}));
    const QString run = QStringLiteral("a");
    actions().start(run);
    QVERIFY(actions().isBusy(run));
    ended(run, true);
    QVERIFY(waitForStep("a", 10));
    actions().start(run);  // it runs already
    QVERIFY(ended(run, false).what.contains(QStringLiteral("already")));
    actions().stop(run);
    ended(run, true);
    const RunReport stopped = report("a");
    QCOMPARE(stopped.status.state, RunState::kStopped);
    QCOMPARE(stopped.lastCheckpoint, std::optional(stopped.status.step));
    actions().resume(run);
    ended(run, true);
    QVERIFY(waitForStep("a", stopped.status.step + 5));
    actions().stopNow(run);
    ended(run, true);
    QVERIFY(!isActive(report("a").status.state));
    actions().extend(run, 500);
    ended(run, true);
    QCOMPARE(RunDirectory::open(workspace_->run("a")).value().config().integer("train.steps"),
             int64_t{100500});
    actions().stop(run);
    ended(run, true);
  }

  void aForkBeginsWithTheWeightsAndKeepsThem() {
    static_cast<void>(workspace_->makeRun("a", {"train.steps=7"}));
    actions().start(QStringLiteral("a"));
    ended(QStringLiteral("a"), true);
    QVERIFY(waitForState("a", RunState::kFinished));
    actions().verifyCheckpoint(QStringLiteral("a"), 7);
    QCOMPARE(ended(QStringLiteral("a"), true).kind, Notice::Kind::kGood);
    actions().fork(QStringLiteral("a"), 7, QStringLiteral("b"), true);
    QVERIFY(!ended(QStringLiteral("a"), true).what.isEmpty());
    QVERIFY(waitForState("b", RunState::kFinished));
    QVERIFY(fs::exists(workspace_->run("b") / "origin/step_7/manifest.json"));
  }

  void aDamagedCheckpointIsNamedAndNothingIsLost() {
    static_cast<void>(workspace_->makeRun("a", {"train.steps=20"}));
    const QString run = QStringLiteral("a");
    actions().start(run);
    ended(run, true);
    QVERIFY(waitForState("a", RunState::kFinished));
    const auto steps = checkpointSteps(workspace_->run("a") / "ckpt");
    QVERIFY(steps.size() >= 2);
    const auto damage = [&](int64_t step) {
      const fs::path file =
          workspace_->run("a") / "ckpt" / ("step_" + std::to_string(step)) / "model.safetensors";
      std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(200).put('!');
    };
    damage(steps.back());
    actions().verifyCheckpoint(run, steps.back());
    QVERIFY(ended(run, false).what.contains(QStringLiteral("model.safetensors")));
    for (const int64_t step : steps) damage(step);
    actions().extend(run, 10);
    const Notice notice = ended(run, false);
    QVERIFY(notice.what.contains(QStringLiteral("none of its checkpoints")));
    QVERIFY(!notice.remedy.isEmpty());
    QCOMPARE(checkpointSteps(workspace_->run("a") / "ckpt"), steps);
    QCOMPARE(RunDirectory::open(workspace_->run("a")).value().config().integer("train.steps"),
             int64_t{20});
  }

  void resumesFromAnOlderCheckpointAndSaysSo() {
    static_cast<void>(workspace_->makeRun("a", {"train.steps=100000"}));
    const QString run = QStringLiteral("a");
    actions().start(run);
    ended(run, true);
    QVERIFY(waitForStep("a", 20));
    actions().stop(run);
    ended(run, true);
    const auto steps = checkpointSteps(workspace_->run("a") / "ckpt");
    const fs::path newest =
        workspace_->run("a") / "ckpt" / ("step_" + std::to_string(steps.back()));
    std::ofstream(newest / "model.safetensors") << "torn";
    actions().resume(run);
    const Notice notice = ended(run, true);
    QCOMPARE(notice.kind, Notice::Kind::kWarning);
    QVERIFY(notice.meaning.contains(QStringLiteral("model.safetensors")));
    actions().stop(run);
    ended(run, true);
  }

  void vanishedDataIsSaidWithTheFilesName() {
    static_cast<void>(workspace_->makeRun("a"));
    fs::remove(workspace_->data().native() + ".bin");
    actions().start(QStringLiteral("a"));
    const Notice notice = ended(QStringLiteral("a"), false);
    QVERIFY2(notice.what.contains(QStringLiteral("walk.bin")), qPrintable(notice.what));
    QVERIFY(!notice.meaning.isEmpty());
  }

  void theQueueLetsOneWaitAndLeave() {
    static_cast<void>(workspace_->makeRun("a", {"train.steps=100000"}));
    static_cast<void>(workspace_->makeRun("b", {"train.steps=3"}));
    actions().start(QStringLiteral("a"));
    ended(QStringLiteral("a"), true);
    actions().enqueue(QStringLiteral("b"));
    ended(QStringLiteral("b"), true);
    QCOMPARE(report("b").status.state, RunState::kQueued);
    actions().leaveQueue(QStringLiteral("b"));
    ended(QStringLiteral("b"), true);
    QCOMPARE(report("b").status.state, RunState::kCreated);
    actions().enqueue(QStringLiteral("b"));
    ended(QStringLiteral("b"), true);
    actions().startNow(QStringLiteral("b"));
    ended(QStringLiteral("b"), true);
    QVERIFY(waitForState("b", RunState::kFinished));
    actions().stop(QStringLiteral("a"));
    ended(QStringLiteral("a"), true);
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::RunActionsTest)
#include "run_actions_test.moc"
