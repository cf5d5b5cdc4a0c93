// The models of the library's pages, under Qt's own tester.

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "core/tokenizer/tokenizer.h"
#include "ui/models/entry_model.h"
#include "ui/models/vocabulary_model.h"

namespace z2::ui {

class LibraryModelsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void entriesAreInsertedRemovedAndMoved();
  void vocabularyShowsAndFindsPieces();
};

namespace {

Entry entry(const char* key, const char* detail = "") {
  return {.key = QString::fromLatin1(key),
          .title = QString::fromLatin1(key).toUpper(),
          .detail = QString::fromLatin1(detail)};
}

}  // namespace

void LibraryModelsTest::entriesAreInsertedRemovedAndMoved() {
  EntryModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
  model.setEntries({entry("a"), entry("b"), entry("c")});
  const QPersistentModelIndex b = model.index(1);
  const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  model.setEntries({entry("c"), entry("n"), entry("b", "new")});
  QCOMPARE(model.rowCount(), 3);
  QCOMPARE(model.rowOf(QStringLiteral("a")), -1);
  QCOMPARE(b.row(), 2);
  QCOMPARE(b.data(EntryModel::kDetailRole).toString(), QStringLiteral("new"));
  QCOMPARE(changed.count(), 1);
  model.setEntries({entry("b", "new"), entry("c"), entry("n")});
  QCOMPARE(b.row(), 0);
  model.setEntries({});
  QVERIFY(!b.isValid());
}

void LibraryModelsTest::vocabularyShowsAndFindsPieces() {
  const auto tokenizer = Tokenizer::open(Z2_SOURCE_DIR "/tests/core/tokenizer/data/gpt2_like.json");
  QVERIFY(tokenizer.has_value());
  const auto vocabulary = vocabularyOf(**tokenizer);
  const auto size = static_cast<size_t>((*tokenizer)->vocabSize());
  QCOMPARE(vocabulary->texts.size(), size);
  QCOMPARE(searchVocabulary(*vocabulary, {}).size(), size);
  const auto number = searchVocabulary(*vocabulary, QStringLiteral("42"));
  QCOMPARE(number.front(), 42);

  VocabularyModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
  const auto found = searchVocabulary(*vocabulary, QStringLiteral("th"));
  QVERIFY(!found.empty());
  model.show(vocabulary, found);
  QCOMPARE(model.rowCount(), static_cast<int>(found.size()));
  for (int row = 0; row < model.rowCount(); ++row) {
    const QModelIndex piece = model.index(row, VocabularyModel::kPiece);
    QVERIFY2(piece.data().toString().contains(QStringLiteral("th"), Qt::CaseInsensitive),
             qPrintable(piece.data().toString()));
    QCOMPARE(piece.siblingAtColumn(VocabularyModel::kId).data().toInt(),
             found[static_cast<size_t>(row)]);
  }
  model.show(vocabulary, {});
  QCOMPARE(model.rowCount(), 0);
}

}  // namespace z2::ui

QTEST_GUILESS_MAIN(z2::ui::LibraryModelsTest)
#include "library_models_test.moc"
