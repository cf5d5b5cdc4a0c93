// From text to a run that is watched, left, found again, stopped, resumed, forked, and asked to
// write, by mouse and keyboard alone. Each step begins where the one before ended.

#include <QLabel>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTableView>
#include <QTextBrowser>
#include <QTreeWidget>
#include <QtTest>

#include "tests/support/temporary_folder.h"
#include "tests/ui/journey/journey.h"
#include "tests/ui/journey/small_text.h"
#include "ui/forms/field_row.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/file_list.h"

namespace z2::ui {

class MakeAndTrainTest : public QObject {
  Q_OBJECT

 private:
  bool isListed(const char* list, const QString& key) {
    return waitUntil([&] {
      const auto* seen = at_.see<EntryList>(list);
      return seen != nullptr && seen->currentKey() == key;
    });
  }
  FileList* files() {
    for (auto* list : at_.window().findChildren<FileList*>())
      if (list->isVisible()) return list;
    return nullptr;
  }
  void set(const char* key, const char* value) {
    auto* row = at_.see<FieldRow>(key);
    QVERIFY2(row != nullptr, key);
    at_.type(row->control(), QLatin1String(value));
  }
  int64_t step(const char* run) { return at_.report(run).status.step; }

  TemporaryFolder folder_;
  Journey at_{folder_.path() / "workspace"};

 private Q_SLOTS:
  void initTestCase() {
    writeSmallText(folder_.path() / "text.txt");
    at_.open();
  }
  void cleanupTestCase() {
    if (at_.isOpen()) at_.close();
  }

  void aTokenizerIsTrained() {
    at_.go(PageId::kTokenizers);
    QVERIFY(at_.clickText(QStringLiteral("Train a tokenizer…")));
    at_.type(at_.see<QLineEdit>("trainName"), QStringLiteral("words"));
    at_.drop(files(), folder_.path() / "text.txt");
    at_.type(at_.see<QSpinBox>("trainSize"), QStringLiteral("512"));
    QVERIFY(at_.click("trainStart"));
    QVERIFY(isListed("tokenizerList", QStringLiteral("words")));
  }

  void dataIsMade() {
    at_.go(PageId::kData);
    QVERIFY(at_.clickText(QStringLiteral("New data…")));
    at_.type(at_.see<QLineEdit>("dataName"), QStringLiteral("texts"));
    at_.drop(files(), folder_.path() / "text.txt");
    QVERIFY(at_.isSettled());
    QVERIFY(at_.click("dataStart"));
    QVERIFY(isListed("dataList", QStringLiteral("texts")));
  }

  void aRunIsMadeAndStarted() {
    QTest::keyClick(&at_.window(), Qt::Key_N, Qt::ControlModifier);
    QVERIFY(at_.isSettled());
    auto* sets = at_.see<QTreeWidget>("data-sets");
    QCOMPARE(sets->topLevelItemCount(), 1);
    QTest::mouseClick(sets->viewport(), Qt::LeftButton, {},
                      sets->visualItemRect(sets->topLevelItem(0)).center());
    QVERIFY(at_.isSettled());
    QVERIFY(at_.click("next"));
    QVERIFY(at_.click("next"));
    QVERIFY(at_.click("card-custom"));
    QVERIFY(at_.isSettled());
    for (const auto& [key, value] :
         {std::pair("model.vocab_size", "512"), std::pair("model.hidden_size", "32"),
          std::pair("model.intermediate_size", "64"), std::pair("model.num_hidden_layers", "2"),
          std::pair("model.num_attention_heads", "2"), std::pair("model.num_key_value_heads", "1"),
          std::pair("model.max_position_embeddings", "64")})
      set(key, value);
    QVERIFY(at_.click("next"));
    set("data.seq_len", "32");
    set("train.steps", "100000");
    set("train.micro_batch_size", "2");
    set("train.device", "cpu");
    QVERIFY(at_.isSettled());
    QVERIFY(at_.click("next"));
    at_.type(at_.see<QLineEdit>("run-name"), QStringLiteral("first"));
    QVERIFY(at_.click("start"));
    QVERIFY(at_.reaches("first", RunState::kRunning));
    QCOMPARE(at_.window().currentPage(), PageId::kRun);
  }

  void itsStepsAndItsLossAreWatched() {
    QString before;
    QVERIFY(waitUntil([&] {
      before = at_.see<QLabel>("runSteps") ? at_.see<QLabel>("runSteps")->text() : QString();
      return before.contains(QStringLiteral("loss"));
    }));
    QVERIFY(waitUntil([&] { return at_.see<QLabel>("runSteps")->text() != before; }));
  }

  void itGoesOnWhileTheWindowIsClosed() {
    at_.close();
    const int64_t before = step("first");
    QVERIFY(waitUntil([&] { return step("first") > before; }));
    at_.open();
    auto* table = at_.see<QTableView>("runTable");
    QVERIFY(at_.clickRow(table, QStringLiteral("first")));
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(at_.window().currentPage(), PageId::kRun);
    QVERIFY(waitUntil([&] { return at_.see<QAbstractButton>("stop") != nullptr; }));
  }

  void itIsStoppedAndResumed() {
    QVERIFY(at_.click("stop"));
    QVERIFY(at_.reaches("first", RunState::kStopped));
    const int64_t stopped = step("first");
    QCOMPARE(at_.report("first").lastCheckpoint, std::optional(stopped));
    const QString resume =
        QStringLiteral("Resume from step %1").arg(QLocale().toString(qlonglong{stopped}));
    QVERIFY(at_.clickText(resume));
    QVERIFY(waitUntil([&] { return step("first") > stopped; }));
    QVERIFY(at_.click("stop"));
    QVERIFY(at_.reaches("first", RunState::kStopped));
  }

  void aForkBeginsWithItsWeights() {
    QVERIFY(at_.click("fork"));
    QVERIFY(waitUntil([&] { return at_.see<QDialog>("fork-dialog") != nullptr; }));
    auto* dialog = at_.see<QDialog>("fork-dialog");
    at_.type(dialog->findChild<QLineEdit*>(), QStringLiteral("second"));
    QVERIFY(at_.clickText(QStringLiteral("Fork and start")));
    QVERIFY(at_.reaches("second", RunState::kRunning));
    QVERIFY(waitUntil([&] { return step("second") > 2; }));
    QVERIFY(waitUntil([&] { return at_.window().currentPage() == PageId::kRun; }));
    QVERIFY(at_.click("stop"));
    QVERIFY(at_.reaches("second", RunState::kStopped));
  }

  void aCheckpointWrites() {
    at_.dismissMessages();  // that the fork was made
    auto* tabs = at_.see<QTabWidget>("runTabs");
    at_.openTab(tabs, QStringLiteral("Checkpoints"));
    auto* table = tabs->currentWidget()->findChild<QTableView*>();
    const int64_t newest = *at_.report("second").lastCheckpoint;
    QVERIFY(at_.clickRow(table, QLocale().toString(qlonglong{newest})));
    QVERIFY(at_.clickText(QStringLiteral("Generate text")));
    QCOMPARE(at_.window().currentPage(), PageId::kModels);
    const QString key = QStringLiteral("second/step_%1").arg(newest);
    QVERIFY(isListed("modelList", key));
    at_.type(at_.see<QPlainTextEdit>("generatePrompt"), QStringLiteral("The sea"));
    at_.type(at_.see<QSpinBox>("generateTokens"), QStringLiteral("12"));
    QVERIFY(at_.click("generateStart"));
    auto* text = at_.see<QPlainTextEdit>("generateText");
    QVERIFY(waitUntil([&] { return at_.see<QAbstractButton>("generateStart")->isEnabled(); }));
    QCOMPARE(at_.message(), QString());
    QVERIFY(text->toPlainText().startsWith(QStringLiteral("The sea")));
    QVERIFY(text->toPlainText().size() > 10);
  }

  void itsCheckpointsWriteSamplesThatAreKept() {
    at_.workbench().open(PageId::kRun, {QStringLiteral("second")});
    at_.openTab(at_.see<QTabWidget>("runTabs"), QStringLiteral("Samples"));
    QVERIFY(at_.click("sampleStart"));
    const QString step = QStringLiteral("Step %1").arg(
        QLocale().toString(qlonglong{*at_.report("second").lastCheckpoint}));
    const auto isThere = [&] {
      const auto* text = at_.see<QTextBrowser>("sampleText");
      return text != nullptr && text->toPlainText().contains(step);
    };
    QVERIFY(waitUntil(isThere));
    QVERIFY(waitUntil([&] { return at_.see<QWidget>("jobBar") == nullptr; }));
    QCOMPARE(at_.message(), QString());
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::MakeAndTrainTest)
#include "make_and_train_test.moc"
