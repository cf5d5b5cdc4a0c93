// Samples looked at before anything is trained: in the form, in the data's tab, in the wizard.

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QtTest>

#include "core/data/conversations/chat_builder.h"
#include "core/io/files.h"
#include "tests/ui/support/page_widgets.h"
#include "tests/ui/support/small_workspace.h"
#include "ui/base/text.h"
#include "ui/pages/data/data_form.h"
#include "ui/pages/data/data_page.h"
#include "ui/pages/library/file_list.h"
#include "ui/pages/library/piece_view.h"
#include "ui/pages/library/template_choice.h"
#include "ui/pages/new_run/new_run_page.h"
#include "ui/pages/samples/sample_dialog.h"
#include "ui/services/workbench.h"

namespace z2::ui {

namespace {

namespace fs = std::filesystem;

QString textOf(const PieceView& view, Piece::Use use) {
  QString text;
  for (const Piece& piece : view.pieces())
    if (piece.use == use) text += piece.text;
  return text;
}

void show(Page& page) {
  page.resize(1100, 720);
  page.show();
  QVERIFY(QTest::qWaitForWindowExposed(&page));
  QVERIFY(waitUntil([&] { return page.isSettled(); }));
}

}  // namespace

class SamplesTest : public QObject {
  Q_OBJECT

 private:
  // 20 samples; 18 and 19 have answers of 200 letters, line 3 is broken.
  QString writeChats() {
    std::string lines;
    for (int i = 0; i < 20; ++i) {
      if (i == 2) lines += "{\"prompt\": broken\n";
      lines += "{\"prompt\":\"q\",\"completion\":\"" +
               (i >= 18 ? std::string(200, 'a') : "answer " + std::to_string(i)) + "\"}\n";
    }
    return write("chats.jsonl", lines);
  }
  QString write(const char* name, const std::string& text) {
    const fs::path path = toPath(folder_.path()) / name;
    if (!replaceFile(path, text)) qFatal("%s cannot be written", name);
    return pathText(path);
  }
  // Leaves data/NAME/NAME of the file.
  void makeData(const std::string& name, const QString& file, SampleTask task) {
    ChatBuildOptions options;
    options.inputs = {toPath(file)};
    options.task = task;
    options.output = workbench_->workspace().data() / name / name;
    options.chatTemplate = findTemplate("chatml", {}).value();
    options.tokenizerPath = tokenizer().native();
    options.shouldStop = [] { return false; };
    const auto done = buildChatData(options, Tokenizer::open(tokenizer()).value());
    QVERIFY2(done.has_value(), done ? "" : done.error().text().c_str());
  }
  [[nodiscard]] fs::path tokenizer() const {
    return workbench_->workspace().tokenizers() / "letters";
  }
  // The form for this file, once its samples are shown.
  QWidget& openForm(DataPage& page, const char* task, const QString& file) {
    show(page);
    page.select({QStringLiteral("new:") + QLatin1String(task) + QLatin1Char(':') + file});
    auto* form = page.findChild<DataForm*>();
    const auto* pieces = named<PieceView>(*form, "samplePieces");
    if (!waitUntil([&] { return page.isSettled() && !pieces->pieces().empty(); }))
      qFatal("no sample is shown");
    return *form;
  }

  QTemporaryDir folder_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;

 private Q_SLOTS:
  void init() {
    settings_ = std::make_unique<Settings>(folder_.filePath(QStringLiteral("window.ini")));
    workbench_ = std::make_unique<Workbench>(
        Workspace(toPath(folder_.filePath(QStringLiteral("workspace")))), *settings_);
    const fs::path known = fs::path(Z2_SOURCE_DIR) / "tests/core/chat/data/tokenizers/qwen2.json";
    fs::create_directories(tokenizer());
    fs::copy_file(known, tokenizer() / "tokenizer.json", fs::copy_options::overwrite_existing);
    QVERIFY(
        replaceFile(tokenizer() / "tokenizer_config.json", R"({"eos_token": "<|endoftext|>"})"));
  }
  void cleanup() {
    workbench_.reset();
    settings_.reset();
  }

  void theFormShowsSamplesAndWhatIsLeftOut() {
    DataPage page(*workbench_);
    QWidget& form = openForm(page, "sft", writeChats());
    auto* pieces = named<PieceView>(form, "samplePieces");
    QCOMPARE(textOf(*pieces, Piece::Use::kTrained), QStringLiteral("answer·0<|im_end|>"));
    QVERIFY(textOf(*pieces, Piece::Use::kRead).startsWith(QStringLiteral("<|im_start|>user↵q")));
    QVERIFY(pieces->pieces().front().isSpecial);
    QCOMPARE(named<QPushButton>(form, "samplesAll")->text(), QStringLiteral("All 21"));
    QVERIFY(!named<QPushButton>(form, "samplesCut")->isVisible());
    press(form, "samplesUnusable");
    QVERIFY(waitUntil([&] { return page.isSettled(); }));
    QCOMPARE(named<QSpinBox>(form, "sampleNumber")->value(), 3);
    QCOMPARE(named<QPlainTextEdit>(form, "sampleRecord")->toPlainText(),
             QStringLiteral("{\"prompt\": broken"));
    QVERIFY(named<QLabel>(form, "sampleProblem")->text().contains(QStringLiteral("broken JSON")));
    QVERIFY(!named<QPushButton>(form, "sampleNext")->isEnabled());  // the only one
  }

  void tooManyCutSamplesNeedLeave() {
    DataPage page(*workbench_);
    QWidget& form = openForm(page, "sft", writeChats());
    auto* start = named<QPushButton>(form, "dataStart");
    QVERIFY(start->isEnabled());
    named<QSpinBox>(form, "dataLongest")->setValue(60);
    QVERIFY(waitUntil([&] { return page.isSettled() && !start->isEnabled(); }));
    QCOMPARE(named<QPushButton>(form, "samplesCut")->text(), QStringLiteral("Cut 2"));
    press(form, "samplesCut");
    auto* pieces = named<PieceView>(form, "samplePieces");
    QVERIFY(waitUntil([&] { return !textOf(*pieces, Piece::Use::kCut).isEmpty(); }));
    QCOMPARE(named<QSpinBox>(form, "sampleNumber")->value(), 20);
    auto* leave = named<QCheckBox>(form, "allowCut");
    QVERIFY(leave->isVisible());
    leave->click();
    QVERIFY(start->isEnabled());
    // A limit that nothing exceeds needs no leave, and has none.
    named<QSpinBox>(form, "dataLongest")->setValue(0);
    QVERIFY(waitUntil([&] { return page.isSettled() && !leave->isVisible(); }));
    QVERIFY(!leave->isChecked());
  }

  void whatIsTrainedIsChosen() {
    DataPage page(*workbench_);
    QWidget& form = openForm(
        page, "sft",
        write("turns.jsonl",
              R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"one"},)"
              R"({"role":"user","content":"r"},{"role":"assistant","content":"two"}]})"
              "\n"));
    auto* trained = named<QComboBox>(form, "dataTrainOn");
    auto* pieces = named<PieceView>(form, "samplePieces");
    const auto shows = [&](const char* text) {
      return waitUntil([&] {
        return page.isSettled() && textOf(*pieces, Piece::Use::kTrained) == QString::fromUtf8(text);
      });
    };
    QVERIFY(trained->isVisible());
    QCOMPARE(trained->toolTip(), QStringLiteral("--train-on"));
    QVERIFY(!named<QComboBox>(form, "dataTruncation")->isVisible());
    QVERIFY(shows("one<|im_end|>two<|im_end|>"));
    trained->setCurrentIndex(1);
    QVERIFY(shows("two<|im_end|>"));
    trained->setCurrentIndex(2);
    QVERIFY(waitUntil([&] {
      return page.isSettled() &&
             textOf(*pieces, Piece::Use::kTrained).startsWith(QStringLiteral("<|im_start|>user↵q"));
    }));
    QCOMPARE(trained->currentText(), QStringLiteral("Everything"));
    // The choice stays for the next set.
    page.select({});
    press(page, "dataBack");
    QMetaObject::invokeMethod(named<QPushButton>(page, "dataNew"), "click");
    QCOMPARE(trained->currentIndex(), 2);
  }

  void whatIsKeptOfALongPairIsChosen() {
    DataPage page(*workbench_);
    QWidget& form =
        openForm(page, "dpo",
                 write("long.jsonl", "{\"prompt\":\"" + std::string(90, 'q') + "\",\"chosen\":\"" +
                                         std::string(90, 'a') + "\",\"rejected\":\"b\"}\n"));
    auto* kept = named<QComboBox>(form, "dataTruncation");
    auto* pieces = named<PieceView>(form, "samplePieces");
    QVERIFY(kept->isVisible());
    QVERIFY(!kept->isEnabled());  // nothing is cut
    QCOMPARE(kept->toolTip(), QStringLiteral("--truncation"));
    QVERIFY(!named<QComboBox>(form, "dataTrainOn")->isVisible());
    named<QSpinBox>(form, "dataLongest")->setValue(100);
    QVERIFY(kept->isEnabled());
    const auto cuts = [&](const char* letters, const char* others) {
      return waitUntil([&] {
        const QString cut = textOf(*pieces, Piece::Use::kCut);
        return page.isSettled() && cut.contains(QLatin1String(letters)) &&
               !cut.contains(QLatin1String(others));
      });
    };
    QVERIFY(cuts("aaa", "qqq"));
    kept->setCurrentIndex(1);
    QVERIFY(cuts("qqq", "aaa"));
  }

  void theCommandHasWhatIsTrainedAndKept() {
    const auto has = [](const DataRequest& request, const char* name, const char* value) {
      const QStringList all = request.arguments();
      return all.value(all.indexOf(QLatin1String(name)) + 1) == QLatin1String(value);
    };
    DataRequest request;
    request.task = QStringLiteral("sft");
    request.trainOn = TrainOn::kLast;
    request.truncation = ChatBuildOptions::Truncation::kKeepEnd;
    QVERIFY(has(request, "--train-on", "last"));
    QVERIFY(!request.arguments().contains(QStringLiteral("--truncation")));
    request.task = QStringLiteral("dpo");
    QVERIFY(has(request, "--truncation", "keep_end"));
    QVERIFY(!request.arguments().contains(QStringLiteral("--train-on")));
    request.task = QStringLiteral("pretrain");
    QVERIFY(request.maskArguments().isEmpty());
  }

  void aTemplateOfTheUsersIsTaken() {
    DataPage page(*workbench_);
    QWidget& form = openForm(page, "sft", writeChats());
    const QString file = write(
        "mine.jinja",
        "{% for m in messages %}[{{ m.role }}]{% if m.role == 'assistant' %}"
        "{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}"
        "{% endfor %}");
    auto* pieces = named<PieceView>(form, "samplePieces");
    named<TemplateChoice>(form, "dataTemplate")->chooseFile(file);
    QVERIFY(waitUntil([&] {
      return page.isSettled() &&
             textOf(*pieces, Piece::Use::kRead).startsWith(QStringLiteral("[user]q"));
    }));
    const QString broken = write("broken.jinja", "{% for %}");
    auto* start = named<QPushButton>(form, "dataStart");
    auto* again = named<QPushButton>(form, "samplesAgain");
    QVERIFY(start->isEnabled());
    QVERIFY(!again->isVisible());
    named<TemplateChoice>(form, "dataTemplate")->chooseFile(broken);
    QVERIFY(waitUntil([&] { return page.isSettled() && pieces->pieces().empty(); }));
    QVERIFY(!start->isEnabled());
    QVERIFY2(start->toolTip().contains(QStringLiteral("broken.jinja")),
             qPrintable(start->toolTip()));
    // Mended in an editor, then here.
    QVERIFY(again->isVisible());
    write("broken.jinja", "{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}");
    again->click();
    QVERIFY(waitUntil([&] { return page.isSettled() && start->isEnabled(); }));
    QVERIFY(!again->isVisible());
    QVERIFY(start->toolTip().isEmpty());
    QVERIFY(textOf(*pieces, Piece::Use::kRead).startsWith(QStringLiteral("user:·q")));
  }

  void withoutAnySampleNothingStarts() {
    DataPage page(*workbench_);
    show(page);
    page.select({QStringLiteral("new:sft:") + write("none.jsonl", "{\"number\":1}\n")});
    auto* form = page.findChild<DataForm*>();
    auto* start = named<QPushButton>(*form, "dataStart");
    QVERIFY(waitUntil([&] { return page.isSettled() && !start->isEnabled(); }));
    QVERIFY(start->toolTip().contains(QStringLiteral("none.jsonl")));
    // Mended outside; the window comes back to the front.
    write("none.jsonl", "{\"prompt\":\"q\",\"completion\":\"\"}\n");
    QEvent back(QEvent::WindowActivate);
    QCoreApplication::sendEvent(named<QWidget>(*form, "samplesPane"), &back);
    QVERIFY(waitUntil([&] { return page.isSettled() && start->toolTip().isEmpty(); }));
    QVERIFY(!start->isEnabled());  // it is opened, and its only record is no sample
    write("none.jsonl", "{\"prompt\":\"q\",\"completion\":\"a\"}\n");
    named<QSpinBox>(*form, "dataLongest")->setValue(1000);
    QVERIFY(waitUntil([&] { return page.isSettled() && start->isEnabled(); }));
  }

  void dataHaveATabOfTheirSamples() {
    makeData("pairs",
             write("pairs.jsonl", "{\"prompt\":\"q\",\"chosen\":\"good\",\"rejected\":\"bad\"}\n"),
             SampleTask::kDpo);
    DataPage page(*workbench_);
    page.select({QStringLiteral("pairs:samples")});
    show(page);
    auto* tabs = named<QTabWidget>(page, "dataTabs");
    QVERIFY(waitUntil([&] {
      return page.isSettled() && tabs->tabText(tabs->currentIndex()) == QStringLiteral("Samples");
    }));
    auto& samples = *tabs->currentWidget();
    auto* chosen = named<PieceView>(samples, "samplePieces");
    auto* rejected = named<PieceView>(samples, "sampleRejected");
    QVERIFY(waitUntil([&] { return page.isSettled() && !chosen->pieces().empty(); }));
    QVERIFY(rejected->isVisible());
    QCOMPARE(textOf(*chosen, Piece::Use::kTrained), QStringLiteral("good<|im_end|>"));
    QCOMPARE(textOf(*rejected, Piece::Use::kTrained), QStringLiteral("bad<|im_end|>"));
    page.select({QStringLiteral("pairs:samples:8")});
    QCOMPARE(named<QSpinBox>(page, "samplesLength")->value(), 8);
    QVERIFY(waitUntil(
        [&] { return page.isSettled() && !textOf(*chosen, Piece::Use::kCut).isEmpty(); }));
  }

  void theReviewOffersLeaveAndTheSamples() {
    makeData("chats", writeChats(), SampleTask::kSft);
    NewRunPage page(*workbench_);
    show(page);
    const std::string prefix = (workbench_->workspace().data() / "chats" / "chats").native();
    page.select({QStringLiteral("data:") + toQString(prefix), QStringLiteral("step:4")});
    auto* length = page.findChild<QWidget*>(QStringLiteral("data.seq_len"));
    QVERIFY(length != nullptr);
    QVERIFY(waitUntil([&] { return page.isSettled(); }));
    auto* line = length->findChild<QLineEdit*>();
    QVERIFY(line != nullptr);
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("60"));
    page.select({QStringLiteral("step:5")});
    auto* leave = named<QCheckBox>(page, "allowCut");
    QVERIFY2(waitUntil([&] { return page.isSettled() && leave->isVisible(); }),
             qPrintable(named<QLabel>(page, "problems")->text()));
    QVERIFY(!named<QPushButton>(page, "start")->isEnabled());
    leave->click();
    QVERIFY2(waitUntil([&] {
               return page.isSettled() && named<QPushButton>(page, "start")->isEnabled();
             }),
             qPrintable(named<QLabel>(page, "problems")->text()));
    QVERIFY(leave->isVisible() && leave->isChecked());
    QVERIFY(named<QPlainTextEdit>(page, "command")
                ->toPlainText()
                .contains(QStringLiteral("data.allow_cut=true")));
    press(page, "lookAtSamples");
    auto* dialog = named<SampleDialog>(page, "sampleDialog");
    QCOMPARE(named<QSpinBox>(*dialog, "samplesLength")->value(), 60);
    auto* pieces = named<PieceView>(*dialog, "samplePieces");
    QVERIFY(waitUntil([&] {
      return textOf(*pieces, Piece::Use::kTrained) == QStringLiteral("answer·0<|im_end|>");
    }));
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::SamplesTest)
#include "samples_test.moc"
