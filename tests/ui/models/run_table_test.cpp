#include <QAbstractItemModelTester>
#include <QtTest>

#include "tests/ui/support/workspace.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/services/run_label.h"

namespace z2::ui {

class RunTableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void rowsFollowTheRuns() {
    const TestWorkspace workspace;
    workspace.add({.name = "b"});
    RunWatcher watcher(workspace.path());
    RunTableModel model(watcher);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model.rowCount(), 1);
    const auto a = workspace.add({.name = "a"});
    workspace.add({.name = "c", .state = RunState::kFailed});
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(model.rowOf(QStringLiteral("a")), 0);
    QCOMPARE(model.index(1, RunTableModel::kStep).data().toString(), QStringLiteral("100 / 100"));
    QCOMPARE(model.index(1, RunTableModel::kLoss).data().toString(), QStringLiteral("0.500"));
    QCOMPARE(model.index(2, RunTableModel::kState).data().toString(), QStringLiteral("Failed"));
    std::filesystem::remove_all(a);
    QTRY_COMPARE(model.rowCount(), 2);
  }

  void marksAndNames() {
    const TestWorkspace workspace;
    workspace.add({.name = "a"});
    RunWatcher watcher(workspace.path());
    RunTableModel model(watcher);
    QTRY_COMPARE(model.rowCount(), 1);
    QSignalSpy renamed(&model, &RunTableModel::renamed);
    const QModelIndex name = model.index(0, RunTableModel::kName);
    QVERIFY(model.setData(name, QStringLiteral("  My  run "), Qt::EditRole));
    QCOMPARE(name.data().toString(), QStringLiteral("My run"));
    QCOMPARE(renamed.first().at(1).toString(), QStringLiteral("My run"));
    QVERIFY(model.setData(name, Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(model.marked(), QStringList{QStringLiteral("a")});
    model.clearMarks();
    QVERIFY(model.marked().isEmpty());
  }

  void theFilterReadsWordsAndExpressions() {
    const TestWorkspace workspace;
    const auto a = workspace.add({.name = "lr-1e-3"});
    workspace.add({.name = "lr-3e-4", .state = RunState::kFailed});
    const auto archived = workspace.add({.name = "old"});
    QVERIFY(writeRunLabel(a, {.tags = {QStringLiteral("best")}}).has_value());
    QVERIFY(writeRunLabel(archived, {.isArchived = true}).has_value());
    RunWatcher watcher(workspace.path());
    RunTableModel model(watcher);
    RunFilterModel filter(model);
    const QAbstractItemModelTester tester(&filter,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(filter.rowCount(), 2);
    QCOMPARE(filter.archivedCount(), 1);
    QVERIFY(filter.setFilter(QStringLiteral("best")));
    QCOMPARE(filter.rowCount(), 1);
    QVERIFY(filter.setFilter(QStringLiteral("lr failed")));
    QCOMPARE(filter.rowCount(), 1);
    QVERIFY(filter.setFilter(QStringLiteral("/lr-[13]e/")));
    QCOMPARE(filter.rowCount(), 2);
    QVERIFY(!filter.setFilter(QStringLiteral("/lr-[/")));
    QCOMPARE(filter.rowCount(), 2);
    QVERIFY(filter.setFilter({}));
    filter.setShowsArchived(true);
    QCOMPARE(filter.rowCount(), 3);
  }

  void numbersSortAsNumbers() {
    const TestWorkspace workspace;
    workspace.add({.name = "a", .rows = 4, .loss = 20});   // 10
    workspace.add({.name = "b", .rows = 4, .loss = 4});    // 2
    workspace.add({.name = "c", .rows = 4, .loss = 200});  // 100
    RunWatcher watcher(workspace.path());
    RunTableModel model(watcher);
    RunFilterModel filter(model);
    QTRY_COMPARE(model.rowCount(), 3);
    filter.sort(RunTableModel::kLoss, Qt::AscendingOrder);
    QStringList names;
    for (int row = 0; row < 3; ++row)
      names << filter.index(row, 0).data(RunTableModel::kNameRole).toString();
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("b a c"));
  }
};

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::RunTableTest)
#include "run_table_test.moc"
