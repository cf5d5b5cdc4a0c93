// Tokenizers, data and models made and used in the real pages, by mouse and keyboard.

#include <sys/resource.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include "core/data/data_manifest.h"
#include "core/io/files.h"
#include "tests/ui/support/page_widgets.h"
#include "tests/ui/support/tiny_model.h"
#include "tests/ui/support/z2all.h"
#include "ui/base/text.h"
#include "ui/pages/data/data_page.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/file_list.h"
#include "ui/pages/library/piece_view.h"
#include "ui/pages/models/models_page.h"
#include "ui/pages/tokenizers/tokenizers_page.h"

namespace z2::ui {

namespace {

constexpr int kPatience = 60'000;  // ms; the machine may be busy

void drop(FileList& files, const QString& path) { files.add({path}); }

void showPage(Page& page) {
  page.resize(1100, 720);
  page.show();
  QVERIFY(QTest::qWaitForWindowExposed(&page));
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), kPatience);
}

}  // namespace

class LibraryPagesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void trainsTriesAndSearchesATokenizer();
  void makesDataFromAFileWithBrokenLines();
  void makesDataForFineTuning();
  void aFullDiskLeavesNoData();
  void generatesFromATinyModel();
  void exportsAndChecksTheLoss_data();
  void exportsAndChecksTheLoss();
  void listsGgufFilesForOtherPrograms();
  void aDamagedModelIsNamed();

 private:
  void makeTokenizer();
  QString write(const QString& name, const QByteArray& bytes);

  QTemporaryDir folder_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
};

QString LibraryPagesTest::write(const QString& name, const QByteArray& bytes) {
  QFile file(folder_.filePath(name));
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("write");
  return file.fileName();
}

void LibraryPagesTest::initTestCase() {
  settings_ = std::make_unique<Settings>(folder_.filePath(QStringLiteral("window.ini")));
  workbench_ = std::make_unique<Workbench>(
      Workspace(toPath(folder_.filePath(QStringLiteral("workspace")))), *settings_);
  QByteArray text;
  for (int i = 0; i < 3000; ++i)
    text += "the quick brown fox number " + QByteArray::number(i * 7919 % 3001) + " jumps\n";
  write(QStringLiteral("text.txt"), text);
}

void LibraryPagesTest::makeTokenizer() {
  const auto place = workbench_->workspace().tokenizers() / "made";
  if (std::filesystem::exists(place)) return;
  runZ2all({"tokenizer", "train", "--input",
            folder_.filePath(QStringLiteral("text.txt")).toStdString(), "--vocab-size", "300",
            "--output", place.string()});
}

void LibraryPagesTest::trainsTriesAndSearchesATokenizer() {
  TokenizersPage page(*workbench_);
  showPage(page);
  press(page, "tokenizerTrain");
  auto* name = named<QLineEdit>(page, "trainName");
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("words"));
  QVERIFY(!named<QPushButton>(page, "trainStart")->isEnabled());  // no file yet
  drop(*page.findChild<FileList*>(), folder_.filePath(QStringLiteral("text.txt")));
  named<QSpinBox>(page, "trainSize")->setValue(400);
  QTest::keyClicks(named<QLineEdit>(page, "trainSpecial"), QStringLiteral("<|user|>"));
  press(page, "trainStart");
  auto* list = named<EntryList>(page, "tokenizerList");
  QTRY_COMPARE_WITH_TIMEOUT(list->currentKey(), QStringLiteral("words"), kPatience);
  QVERIFY(list->currentIndex()
              .data(EntryModel::kDetailRole)
              .toString()
              .contains(QStringLiteral("400")));

  auto* text = named<QPlainTextEdit>(page, "tryText");
  text->selectAll();
  QTest::keyClicks(text, QStringLiteral("the quick brown fox"));
  auto* pieces = named<PieceView>(page, "tryPieces");
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled() && pieces->pieces().size() == 4, kPatience);
  QCOMPARE(pieces->pieces()[1].text, QStringLiteral("·quick"));
  QVERIFY(named<QLabel>(page, "tryFigures")->text().startsWith(QStringLiteral("4 ")));

  named<QTabWidget>(page, "tokenizerTabs")->setCurrentIndex(1);
  auto* table = named<QTableView>(page, "vocabularyTable");
  QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 400, kPatience);
  QTest::keyClicks(named<QLineEdit>(page, "vocabularySearch"), QStringLiteral("quick"));
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled() && table->model()->rowCount() < 10, kPatience);
  QVERIFY(table->model()->rowCount() > 0);
}

void LibraryPagesTest::makesDataFromAFileWithBrokenLines() {
  makeTokenizer();
  QByteArray lines;
  for (int i = 0; i < 60; ++i) {
    if (i == 3) lines += "{\"title\": broken\n";
    lines += "{\"title\":\"fox " + QByteArray::number(i) + "\",\"body\":\"the quick brown fox\"}\n";
  }
  const QString file = write(QStringLiteral("records.jsonl"), lines);
  DataPage page(*workbench_);
  showPage(page);
  QMetaObject::invokeMethod(named<QPushButton>(page, "dataNew"), "click");
  auto* name = named<QLineEdit>(page, "dataName");
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("foxes"));
  drop(*named<FileList>(page, "dataFiles"), file);
  auto* fields = named<QListWidget>(page, "dataFields");
  QTRY_COMPARE_WITH_TIMEOUT(fields->count(), 2, kPatience);
  fields->item(0)->setCheckState(Qt::Checked);
  fields->item(1)->setCheckState(Qt::Checked);
  auto* preview = named<QTableWidget>(page, "previewTable");
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled() && preview->rowCount() == 20, kPatience);
  QCOMPARE(preview->item(0, 1)->text(), QStringLiteral("fox 0 the quick brown fox"));
  QVERIFY(preview->item(3, 1)->text().startsWith(QStringLiteral("✕")));
  press(page, "dataStart");
  auto* list = named<EntryList>(page, "dataList");
  QTRY_COMPARE_WITH_TIMEOUT(list->currentKey(), QStringLiteral("foxes"), kPatience);
  auto* dropped = named<QTableWidget>(page, "dataDropped");
  QTRY_COMPARE_WITH_TIMEOUT(dropped->rowCount(), 1, kPatience);
  QCOMPARE(dropped->item(0, 0)->text(), QStringLiteral("records.jsonl:4"));
  auto* pieces = named<PieceView>(page, "documentPieces");
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled() && !pieces->pieces().empty(), kPatience);
  QVERIFY(pieces->pieces().back().isSpecial);  // the end of the document
}

void LibraryPagesTest::makesDataForFineTuning() {
  makeTokenizer();
  QByteArray lines;
  for (int i = 0; i < 40; ++i)
    lines += "{\"prompt\":\"what does fox " + QByteArray::number(i) +
             " do\",\"completion\":\"the quick brown fox jumps\"}\n";
  const QString file = write(QStringLiteral("pairs.jsonl"), lines);
  DataPage page(*workbench_);
  showPage(page);
  QMetaObject::invokeMethod(named<QPushButton>(page, "dataNew"), "click");
  auto* name = named<QLineEdit>(page, "dataName");
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("answers"));
  named<QComboBox>(page, "dataTask")->setCurrentIndex(1);
  QVERIFY(!named<QListWidget>(page, "dataFields")->isVisible());
  auto* chat = named<QComboBox>(page, "dataTemplate");
  QVERIFY(chat->isVisible());
  chat->setCurrentIndex(chat->findText(QStringLiteral("alpaca")));
  named<QComboBox>(page, "dataTrainOn")->setCurrentIndex(1);
  drop(*named<FileList>(page, "dataFiles"), file);
  press(page, "dataStart");
  auto* list = named<EntryList>(page, "dataList");
  QTRY_COMPARE_WITH_TIMEOUT(list->currentKey(), QStringLiteral("answers"), kPatience);
  const auto manifest = DataManifest::read(workbench_->workspace().data() / "answers" / "answers");
  QVERIFY(manifest && *manifest);
  QCOMPARE((*manifest)->task, std::string("sft"));
  QCOMPARE((*manifest)->options.at("train_on").get<std::string>(), std::string("last"));
}

void LibraryPagesTest::aFullDiskLeavesNoData() {
  makeTokenizer();
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 20'000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto place = workbench_->workspace().data() / "large";
  JobService& jobs = workbench_->jobs();
  const QString id = jobs.start(
      QStringLiteral("data.tokenize"), QStringLiteral("large"),
      {QStringLiteral("data"), QStringLiteral("tokenize"), QStringLiteral("--discard"),
       QStringLiteral("--tokenizer"), pathText(workbench_->workspace().tokenizers() / "made"),
       QStringLiteral("--input"), folder_.filePath(QStringLiteral("text.txt")),
       QStringLiteral("--output"), pathText(place / "large")});
  QTRY_VERIFY_WITH_TIMEOUT(jobs.find(id)->isOver(), kPatience);
  ::setrlimit(RLIMIT_FSIZE, &before);
  QCOMPARE(jobs.find(id)->state, Job::State::kFailed);
  QVERIFY(!std::filesystem::exists(place));
}

void LibraryPagesTest::generatesFromATinyModel() {
  makeTinyModel(workbench_->workspace().models() / "tiny");
  ModelsPage page(*workbench_);
  showPage(page);
  QTRY_COMPARE_WITH_TIMEOUT(named<EntryList>(page, "modelList")->currentKey(),
                            QStringLiteral("tiny"), kPatience);
  named<QPlainTextEdit>(page, "generatePrompt")->setPlainText(QStringLiteral("the quick"));
  named<QSpinBox>(page, "generateTokens")->setValue(12);
  QSignalSpy noticed(workbench_.get(), &Workbench::noticed);
  press(page, "generateStart");
  auto* text = named<QPlainTextEdit>(page, "generateText");
  auto* start = named<QPushButton>(page, "generateStart");
  QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), kPatience);
  if (noticed.count() > 0) QSKIP("the engine does not start here: it needs LibTorch");
  QVERIFY(text->toPlainText().startsWith(QStringLiteral("the quick")));
  QVERIFY(text->toPlainText().size() > 10);
  const QString first = text->toPlainText();
  press(page, "generateStart");  // the same seed: the same text
  QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), kPatience);
  QCOMPARE(text->toPlainText(), first);
}

void LibraryPagesTest::exportsAndChecksTheLoss_data() {
  QTest::addColumn<int>("format");
  QTest::addColumn<QString>("file");
  QTest::newRow("Hugging Face") << 0 << QStringLiteral("written/model.safetensors");
  QTest::newRow("GGUF") << 1 << QStringLiteral("written-fp16.gguf");
}

void LibraryPagesTest::exportsAndChecksTheLoss() {
  QFETCH(const int, format);
  QFETCH(const QString, file);
  const auto model = workbench_->workspace().models() / "tiny";
  if (!std::filesystem::exists(model)) makeTinyModel(model);
  ModelsPage page(*workbench_);
  showPage(page);
  page.select({QStringLiteral("tiny")});
  press(page, "modelExport");
  auto* dialog = named<QDialog>(page, "export-dialog");
  named<QComboBox>(*dialog, "exportFormat")->setCurrentIndex(format);
  auto* folder = named<QLineEdit>(*dialog, "exportFolder");
  folder->clear();
  QVERIFY(!named<QPushButton>(*dialog, "exportStart")->isEnabled());
  QTest::keyClicks(folder, folder_.path());
  auto* name = named<QLineEdit>(*dialog, "exportName");
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("written"));
  QSignalSpy finished(&workbench_->jobs(), &JobService::finished);
  QSignalSpy noticed(workbench_.get(), &Workbench::noticed);
  press(*dialog, "exportStart");
  QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatience);
  const Job* job = workbench_->jobs().find(finished.first().first().toString());
  if (job->state == Job::State::kFailed && !QFile::exists(folder_.filePath(file)))
    QFAIL(job->error->text().c_str());
  if (job->state == Job::State::kFailed) QSKIP("the engine does not start here");
  QVERIFY(QFile::exists(folder_.filePath(file)));
  QVERIFY(job->result["check"]["same"].get<bool>());
  QCOMPARE(noticed.count(), 1);
  const auto notice = noticed.first().first().value<Notice>();
  QVERIFY2(notice.meaning.contains(QStringLiteral("same loss")), qPrintable(notice.meaning));
}

void LibraryPagesTest::listsGgufFilesForOtherPrograms() {
  const auto models = workbench_->workspace().models();
  std::filesystem::create_directories(models / "exported");
  for (const auto& file : {models / "exported" / "far-fp16.gguf", models / "alone.gguf"})
    QVERIFY(replaceFile(file, "GGUF"));
  ModelsPage page(*workbench_);
  showPage(page);
  auto* list = named<EntryList>(page, "modelList");
  auto* tabs = named<QTabWidget>(page, "modelTabs");
  for (const char* key : {"exported", "alone.gguf"}) {
    page.select({QString::fromLatin1(key)});
    QTRY_COMPARE_WITH_TIMEOUT(list->currentKey(), QString::fromLatin1(key), kPatience);
    QVERIFY(list->currentIndex()
                .data(EntryModel::kDetailRole)
                .toString()
                .contains(QStringLiteral("llama.cpp")));
    QVERIFY(tabs->isVisible() && !tabs->isTabVisible(0));
    QVERIFY(!named<QPushButton>(page, "modelExport")->isEnabled());
  }
}

void LibraryPagesTest::aDamagedModelIsNamed() {
  const auto place = workbench_->workspace().models() / "damaged";
  std::filesystem::create_directories(place);
  QFile file(pathText(place / "config.json"));
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("{\"model_type\": \"llama\"");
  file.close();
  const auto models = readModels(workbench_->workspace().folder());
  bool isNamed = false;
  for (const ModelSummary& model : models)
    isNamed |= model.key == QLatin1String("damaged") && !model.problem.isEmpty();
  QVERIFY(isNamed);
}

}  // namespace z2::ui

QTEST_MAIN(z2::ui::LibraryPagesTest)
#include "library_pages_test.moc"
