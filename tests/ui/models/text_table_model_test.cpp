#include "ui/models/text_table_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace z2::ui {

class TextTableModelTest : public QObject {
  Q_OBJECT

 private:
  static std::vector<TableRow> rows(int count) {
    std::vector<TableRow> all;
    for (int i = 0; i < count; ++i)
      all.push_back({{.text = QString::number(i), .sort = i, .isNumber = true},
                     {.text = QStringLiteral("x"), .isBold = true}});
    return all;
  }

 private Q_SLOTS:
  void rowsComeGoAndChange() {
    TextTableModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setHeaders({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setRows(rows(3));
    model.setRows(rows(5));
    QCOMPARE(inserted.count(), 2);
    QCOMPARE(model.rowCount(), 5);
    model.setRows(rows(1));
    QCOMPARE(removed.count(), 1);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.data(model.index(0, 0), Qt::DisplayRole).toString(), QStringLiteral("0"));
    QCOMPARE(model.data(model.index(0, 0), TextTableModel::kSortRole).toInt(), 0);
    QVERIFY(model.data(model.index(0, 1), Qt::FontRole).value<QFont>().bold());
    QVERIFY(!model.data(model.index(0, 2), Qt::DisplayRole).isValid());  // fewer cells than headers
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::TextTableModelTest)
#include "text_table_model_test.moc"
