// The Run and Compare pages over runs whose files are written here.

#include <cmath>
#include <fstream>
#include <string>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "core/run/run_directory.h"
#include "ui/base/text.h"
#include "ui/charts/curve_view.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/compare/compared_numbers.h"
#include "ui/pages/compare/run_legend.h"
#include "ui/pages/run/curves_tab.h"
#include "ui/pages/run/log_tab.h"
#include "ui/pages/run/run_page.h"
#include "ui/pages/run/table_tab.h"

namespace z2::ui {

namespace fs = std::filesystem;

class RunPagesTest : public QObject {
  Q_OBJECT

 private:
  fs::path runPath(const char* name) const { return toPath(folder_.path()) / "runs" / name; }

  void makeRun(const char* name, double lr, int rows) {
    const auto config = RunConfig::make(
        Task::kPretrain, {{"optim.lr", lr}, {"train.steps", rows}, {"data.train", "x"}});
    QVERIFY2(config.has_value(), config ? "" : config.error().text().c_str());
    fs::create_directories(runPath(name).parent_path());
    const auto run = RunDirectory::create(runPath(name), *config);
    QVERIFY2(run.has_value(), run ? "" : run.error().text().c_str());
    RunStatus status;
    status.state = RunState::kFinished;
    status.step = status.steps = rows;
    QVERIFY(run->writeStatus(status).has_value());
    appendRows(name, 0, rows, lr);
    QVERIFY(run->addEvent("checkpoint", {{"step", rows / 2}}).has_value());
    std::ofstream(runPath(name) / "engine.log") << "first line\nlast line\n";
  }

  void appendRows(const char* name, int first, int count, double lr) {
    std::ofstream out(runPath(name) / "metrics.jsonl", std::ios::app);
    for (int i = first; i < first + count; ++i)
      out << "{\"seq\":" << i << ",\"attempt\":1,\"step\":" << i + 1 << ",\"time\":" << 1000 + i
          << ",\"tokens\":" << (i + 1) * 64 << ",\"loss\":" << 4 - lr * i << ",\"lr\":" << lr
          << "}\n";
  }

  void waitFor(const Page& page) { QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), 10'000); }

  QTemporaryDir folder_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;

 private Q_SLOTS:
  void initTestCase() {
    makeRun("a", 1e-3, 200);
    makeRun("b", 2e-3, 200);
    settings_ = std::make_unique<Settings>(folder_.filePath(QStringLiteral("window.ini")));
    workbench_ = std::make_unique<Workbench>(Workspace(toPath(folder_.path())), *settings_);
    workbench_->metrics().setSmoothing(0.6);
  }
  void cleanupTestCase() {
    workbench_.reset();
    settings_.reset();
  }

  void theRunPageShowsEverythingOfARun() {
    RunPage page(*workbench_);
    page.resize(1100, 700);
    page.show();
    page.select({QStringLiteral("a")});
    waitFor(page);
    QCOMPARE(page.curves().views().size(), size_t{2});  // loss, lr
    const CurveView* loss = page.curves().views().front();
    const auto readings = loss->readingsAt(100);
    QCOMPARE(readings.size(), size_t{1});
    QVERIFY(std::abs(readings.front().y - 3.9) < 0.05);
    auto* tabs = page.findChild<QTabWidget*>();
    for (QTableView* table : page.findChildren<QTableView*>()) {
      QVERIFY(!table->accessibleName().isEmpty());
      const QAbstractItemModelTester tester(table->model(),
                                            QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    page.select({QStringLiteral("a"), QStringLiteral("log")});
    QCOMPARE(tabs->currentIndex(), 1);
    auto* log = page.findChild<LogTab*>();
    QTRY_COMPARE(log->text(), QStringLiteral("first line\nlast line"));
    std::ofstream(runPath("a") / "engine.log", std::ios::app) << "one more\nhalf";
    QTRY_COMPARE(log->text(), QStringLiteral("first line\nlast line\none more"));
    page.select({QStringLiteral("a"), QStringLiteral("config")});
    auto* config = tabs->currentWidget()->findChild<TableTab*>();
    QVERIFY(config != nullptr);
    const int all = config->model().rowCount();
    QVERIFY(all > 30);
    config->findChild<QPushButton*>()->click();
    QVERIFY(config->model().rowCount() < all && config->model().rowCount() >= 2);
    page.select({QStringLiteral("a"), QStringLiteral("events")});
    auto* events = tabs->currentWidget()->findChild<TableTab*>();
    QCOMPARE(events->model().rowCount(), 2);  // created, checkpoint
  }

  void rewardsOfBothAnswersShareAChart() {
    makeRun("aligned", 1e-3, 1);
    std::ofstream out(runPath("aligned") / "metrics.jsonl", std::ios::app);
    for (int step = 2; step < 30; ++step)
      out << "{\"seq\":" << step << ",\"attempt\":1,\"step\":" << step << ",\"loss\":0.5,\"lr\":1,"
          << "\"rewards/chosen\":" << step << ",\"rewards/rejected\":" << -step
          << ",\"rewards/accuracies\":0.5,\"rewards/margins\":" << 2 * step << "}\n";
    out.close();
    RunPage page(*workbench_);
    page.resize(1100, 700);
    page.show();
    page.select({QStringLiteral("aligned")});
    waitFor(page);
    QStringList titles;
    for (const CurveView* view : page.curves().views()) titles.append(view->title());
    QCOMPARE(titles.sliced(0, 4),
             (QStringList{QStringLiteral("Loss"), QStringLiteral("Rewards"),
                          QStringLiteral("Reward margin"), QStringLiteral("Preference accuracy")}));
    const CurveView& rewards = *page.curves().views()[1];
    QCOMPARE(rewards.items().size(), size_t{2});
    QCOMPARE(rewards.items()[0].label, QStringLiteral("chosen"));
    QCOMPARE(rewards.items()[1].label, QStringLiteral("rejected"));
    QCOMPARE(rewards.readingsAt(20).size(), size_t{2});
  }

  void rowsThatComeAreDrawnAndDamageIsTold() {
    makeRun("live", 1e-3, 50);
    RunPage page(*workbench_);
    page.resize(1100, 700);
    page.show();
    page.select({QStringLiteral("live")});
    waitFor(page);
    appendRows("live", 50, 50, 1e-3);
    QTRY_COMPARE(page.curves().group().shown().end, 100.0);
    std::ofstream(runPath("live") / "metrics.jsonl", std::ios::app) << "{\"seq\":100,\"att\n";
    const auto tellsDamage = [&] {
      for (const QLabel* label : page.curves().findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(QStringLiteral("metrics.jsonl:101")))
          return true;
      return false;
    };
    QTRY_VERIFY(tellsDamage());
    appendRows("live", 101, 10, 1e-3);
    QTRY_COMPARE(page.curves().group().shown().end, 111.0);
  }

  void smoothingFollowsTheSlider() {
    RunPage page(*workbench_);
    page.show();
    page.select({QStringLiteral("b")});
    waitFor(page);
    auto* slider = page.findChild<QSlider*>();
    slider->setValue(0);
    const auto source = page.curves().views().front()->items().front().source;
    const auto isSmooth = [&] {
      const auto lock = source->lock();
      return source->curves().series("loss")->smooth() != nullptr;
    };
    QTRY_VERIFY(!isSmooth());
    slider->setValue(50);
    QTRY_VERIFY(isSmooth());
    QVERIFY(std::abs(workbench_->metrics().smoothing() - 0.968) < 0.01);
  }

  void comparingFindsTheKeyThatDiffersAndTheBaseline() {
    ComparePage page(*workbench_);
    page.resize(1100, 700);
    page.show();
    page.select({QStringLiteral("a"), QStringLiteral("b")});
    waitFor(page);
    QCOMPARE(page.views().size(), size_t{2});
    const auto readings = page.views().front()->readingsAt(200);
    QCOMPARE(readings.size(), size_t{2});
    QVERIFY(readings[1].text.contains(QStringLiteral("−")));  // below the baseline
    QVERIFY(readings[1].text.contains(QStringLiteral("%")));

    TextTableModel& config = page.configuration().model();
    QCOMPARE(config.rowCount(), 1);
    QCOMPARE(config.data(config.index(0, 1), Qt::DisplayRole).toString(),
             QStringLiteral("optim.lr"));
    page.findChild<QTabWidget*>()->setCurrentIndex(1);
    TextTableModel& numbers = page.numbers().model();
    QCOMPARE(numbers.rowCount(), 4);
    QCOMPARE(numbers.data(numbers.index(1, 5), Qt::DisplayRole).toString(), QStringLiteral("200"));
    QVERIFY(numbers.data(numbers.index(1, 3), Qt::DisplayRole)
                .toString()
                .startsWith(QStringLiteral("−0.199")));

    const auto buttons = page.legend().findChildren<QPushButton*>();
    QCOMPARE(buttons.size(), 2);
    buttons.at(1)->click();
    QCOMPARE(page.views().front()->items().size(), size_t{1});
    buttons.at(1)->click();
    const QColor second = page.views().front()->items().at(1).color;
    buttons.at(0)->click();  // colours stay with their runs
    QCOMPARE(page.views().front()->items().at(0).color, second);
  }

  void differencesAreGivenInValueAndPercent() {
    QCOMPARE(differenceText(2.2, 2.0), QStringLiteral("+0.2 (+10.0 %)"));
    QCOMPARE(differenceText(1.5, 2.0), QStringLiteral("−0.5 (−25.0 %)"));
    QCOMPARE(differenceText(1, 0), QStringLiteral("+1"));
    QCOMPARE(differenceText(0.25, 0.5, "mfu"), QStringLiteral("−25.0 % (−50.0 %)"));
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::RunPagesTest)
#include "run_pages_test.moc"
