// Three runs are marked, laid over each other, and the key that differs is found.

#include <QTableView>
#include <QtTest>

#include "core/io/files.h"
#include "tests/ui/journey/journey.h"
#include "ui/pages/runs/import_menu.h"

namespace z2::ui {

namespace {

constexpr const char* kLog =
    "[2024-06-22 21:20:47,253 - INFO - __main__]: Start training loop\n"
    "[2024-06-22 21:23:38,617 - INFO - __main__]: 0 | loss 11.4773 | lr 1e-04 | 2.0000s | mfu "
    "50.00%\n"
    "[2024-06-22 21:24:16,217 - INFO - __main__]: 1 | loss 9.5 | lr 2e-04 | 2.0000s | mfu 54.17%\n";

}  // namespace

class CompareTest : public QObject {
  Q_OBJECT

 private:
  SmallWorkspace workspace_;
  Journey at_{workspace_.path()};

 private Q_SLOTS:
  void initTestCase() {
    for (const auto& [name, rate] :
         {std::pair("slow", "1e-4"), std::pair("usual", "1e-3"), std::pair("fast", "1e-2")})
      static_cast<void>(
          workspace_.makeRun(name, {"train.steps=8", std::string("optim.lr=") + rate}));
    at_.open();
  }
  void cleanupTestCase() { at_.close(); }

  void eachIsStartedFromTheTable() {
    auto* table = at_.see<QTableView>("runTable");
    for (const QString& name :
         {QStringLiteral("slow"), QStringLiteral("usual"), QStringLiteral("fast")}) {
      QVERIFY(at_.clickRow(table, name));
      QVERIFY(at_.click("begin"));
      QVERIFY(at_.reaches(name.toStdString(), RunState::kFinished));
    }
  }

  void theKeyThatDiffersIsFound() {
    auto* table = at_.see<QTableView>("runTable");
    for (const QString& name :
         {QStringLiteral("slow"), QStringLiteral("usual"), QStringLiteral("fast")}) {
      QVERIFY(at_.clickRow(table, name));
      QTest::keyClick(table, Qt::Key_Space);
    }
    QVERIFY(at_.clickText(QStringLiteral("Compare (3)")));
    QCOMPARE(at_.window().currentPage(), PageId::kCompare);
    QVERIFY(at_.isSettled());
    QTabWidget* tabs = nullptr;
    for (auto* found : at_.window().findChildren<QTabWidget*>())
      if (found->isVisible()) tabs = found;
    QVERIFY(tabs != nullptr);
    at_.openTab(tabs, QStringLiteral("Configuration"));
    const QAbstractItemModel& differences =
        *tabs->currentWidget()->findChild<QTableView*>()->model();
    QTRY_COMPARE(differences.rowCount(), 1);
    QCOMPARE(differences.index(0, 1).data().toString(), QStringLiteral("optim.lr"));
    QStringList rates;
    for (int run = 0; run < 3; ++run) rates << differences.index(0, 2 + run).data().toString();
    QCOMPARE(rates, (QStringList{QStringLiteral("0.0001"), QStringLiteral("0.001"),
                                 QStringLiteral("0.01")}));
  }

  void aLogOfAnotherProgramBecomesARunBesideThem() {
    const std::filesystem::path log = workspace_.path() / "old.txt";
    QVERIFY(replaceFile(log, kLog));
    at_.go(PageId::kRuns);
    at_.window().findChild<ImportMenu*>()->importFrom(QString::fromStdString(log.native()));
    QVERIFY2(at_.clickRow(at_.see<QTableView>("runTable"), QStringLiteral("old")),
             qPrintable(at_.message()));
    QVERIFY(waitUntil([&] { return at_.message().contains(QStringLiteral("was imported")); }));
    QVERIFY(at_.clickText(QStringLiteral("Show")));
    QCOMPARE(at_.window().currentPage(), PageId::kRun);
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::CompareTest)
#include "compare_test.moc"
