#include "tests/ui/accessibility/states.h"

#include <QComboBox>
#include <QDialog>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTextEdit>
#include <QtTest>

#include "ui/base/text.h"
#include "ui/charts/curve_view.h"
#include "ui/pages/library/file_list.h"

namespace z2::ui {

namespace {

QString text(const char* name) { return QString::fromLatin1(name); }

void open(Journey& at, PageId page, const QStringList& select = {}) {
  at.workbench().open(page, select);
  QVERIFY(at.isSettled());
}

// The tab of this place, of tabs that have this name.
void openTab(Journey& at, const char* tabs, int place) {
  QVERIFY2(waitUntil([&] { return at.see<QTabWidget>(tabs) != nullptr; }), tabs);
  at.see<QTabWidget>(tabs)->setCurrentIndex(place);
  QVERIFY(at.isSettled());
}

State tab(const char* name, PageId page, const QStringList& select, const char* tabs, int place) {
  return {name, [=](Journey& at) {
            open(at, page, select);
            openTab(at, tabs, place);
          }};
}

State runTab(const char* name, const char* run, const char* place) {
  return {name, [=](Journey& at) { open(at, PageId::kRun, {text(run), text(place)}); }};
}

void closeDialog(Journey&) {
  if (QWidget* dialog = QApplication::activeModalWidget()) dialog->close();
}

State dialog(const char* name, const char* page, const QStringList& select, const char* button) {
  const PageId id = *parsePageId(text(page));
  return {name,
          [=](Journey& at) {
            open(at, id, select);
            QVERIFY(at.click(button));
            QVERIFY(waitUntil([] { return QApplication::activeModalWidget() != nullptr; }));
          },
          closeDialog};
}

void search(Journey& at, const QString& words) {
  for (auto* field : at.window().findChildren<QLineEdit*>())
    if (field->isVisible() && field->property("role").toString() == QLatin1String("search"))
      field->setText(words);
}

void addRuns(std::vector<State>& states) {
  states.push_back({"runs", [](Journey& at) { open(at, PageId::kRuns, {text("alpha")}); }});
  states.push_back(
      {"runs, a failed one", [](Journey& at) { open(at, PageId::kRuns, {text("failed")}); }});
  states.push_back({"runs, none matches",
                    [](Journey& at) {
                      open(at, PageId::kRuns);
                      search(at, text("no such run"));
                    },
                    [](Journey& at) { search(at, {}); }});
  states.push_back(runTab("run, curves", "trained", "curves"));
  states.push_back({"run, curves, zoomed",
                    [](Journey& at) {
                      open(at, PageId::kRun, {text("trained"), text("curves")});
                      auto* chart = at.see<CurveView>("");
                      chart->setFocus();
                      at.press(Qt::Key_Plus);
                      at.press(Qt::Key_Left);
                      QVERIFY(at.isSettled());
                    },
                    [](Journey& at) { at.press(Qt::Key_Home); }});
  states.push_back(runTab("run, log", "trained", "log"));
  states.push_back(runTab("run, samples", "trained", "samples"));
  states.push_back(runTab("run, configuration", "trained", "config"));
  states.push_back(runTab("run, checkpoints", "trained", "checkpoints"));
  states.push_back(runTab("run, events", "trained", "events"));
  states.push_back(runTab("run that failed", "failed", "curves"));
  states.push_back(runTab("run at work", "at-work", "curves"));
  states.push_back(dialog("fork", "run", {text("trained"), text("curves")}, "fork"));
  states.push_back(dialog("extend", "run", {text("trained"), text("curves")}, "extend"));
  states.push_back(dialog("stop now", "run", {text("at-work"), text("curves")}, "stop-now"));
  const QStringList compared = {text("alpha"), text("beta"), text("trained")};
  states.push_back(tab("compare, curves", PageId::kCompare, compared, "compareTabs", 0));
  states.push_back(tab("compare, numbers", PageId::kCompare, compared, "compareTabs", 1));
  states.push_back(tab("compare, configuration", PageId::kCompare, compared, "compareTabs", 2));
  states.push_back({"queue", [](Journey& at) { open(at, PageId::kQueue); }});
}

// A step of the form for a new run, of these data; `isAdvanced` where it has both.
State newRun(const char* name, const std::filesystem::path& data, int step,
             bool isAdvanced = false) {
  return {name, [=](Journey& at) {
            open(at, PageId::kNewRun,
                 {text("data:") + pathText(data), text("step:") + QString::number(step)});
            if (step == 4) QVERIFY(at.click(isAdvanced ? "advanced" : "simple"));
            QVERIFY(at.isSettled());
          }};
}

void addNewRuns(std::vector<State>& states, const FullWorkspace& workspace) {
  const auto texts = workspace.data("texts"), answers = workspace.data("answers"),
             pairs = workspace.data("pairs");
  states.push_back(newRun("new run, data", texts, 1));
  states.push_back(newRun("new run, tokenizer", texts, 2));
  states.push_back(newRun("new run, model", texts, 3));
  states.push_back({"new run, weights",
                    [=](Journey& at) {
                      newRun("", texts, 3).enter(at);
                      QVERIFY(at.click("card-weights"));
                      QVERIFY(at.isSettled());
                    },
                    [](Journey& at) { QVERIFY(at.click("card-tiny")); }});
  states.push_back({"new run, own shape",
                    [=](Journey& at) {
                      newRun("", texts, 3).enter(at);
                      QVERIFY(at.click("card-custom"));
                      QVERIFY(at.isSettled());
                    },
                    [](Journey& at) {
                      QVERIFY(at.click("card-tiny"));
                      QVERIFY(at.click("shape-detail"));
                    }});
  states.push_back(newRun("new run, training", texts, 4));
  states.push_back(newRun("new run, training, advanced", texts, 4, true));
  states.push_back(newRun("new run, review", texts, 5));
  states.push_back(newRun("fine-tuning, training", answers, 4));
  states.push_back(newRun("fine-tuning, advanced", answers, 4, true));
  states.push_back(newRun("fine-tuning, review", answers, 5));
  states.push_back(newRun("alignment, training", pairs, 4));
  states.push_back(newRun("alignment, advanced", pairs, 4, true));
  states.push_back(newRun("alignment, review", pairs, 5));
}

// The form for new data of the task of this place, with a file.
State dataForm(const char* name, const FullWorkspace& workspace, int task) {
  return {name,
          [&workspace, task](Journey& at) {
            open(at, PageId::kData, {text("texts")});
            QVERIFY(at.click("dataNew"));
            at.see<QComboBox>("dataTask")->setCurrentIndex(task);
            at.see<FileList>("dataFiles")->add({pathText(workspace.records())});
            QVERIFY(at.isSettled());
          },
          [](Journey& at) { QVERIFY(at.click("dataBack")); }};
}

void addLibraries(std::vector<State>& states, const FullWorkspace& workspace) {
  const QStringList words = {text("words")}, texts = {text("texts")};
  states.push_back(tab("tokenizer, try", PageId::kTokenizers, words, "tokenizerTabs", 0));
  states.push_back(tab("tokenizer, vocabulary", PageId::kTokenizers, words, "tokenizerTabs", 1));
  states.push_back(tab("tokenizer, about", PageId::kTokenizers, words, "tokenizerTabs", 2));
  states.push_back({"tokenizer, form",
                    [](Journey& at) {
                      open(at, PageId::kTokenizers);
                      QVERIFY(at.click("tokenizerTrain"));
                    },
                    [](Journey& at) { QVERIFY(at.click("trainBack")); }});
  states.push_back(tab("data, statistics", PageId::kData, texts, "dataTabs", 0));
  states.push_back(tab("data, documents", PageId::kData, texts, "dataTabs", 1));
  states.push_back(tab("data, left out", PageId::kData, texts, "dataTabs", 3));
  for (const auto& [name, set] :
       {std::pair("data, conversations", "answers"), std::pair("data, preferences", "pairs")})
    states.push_back(tab(name, PageId::kData, {text(set)}, "dataTabs", 2));
  states.push_back(dataForm("data, form for text", workspace, 0));
  states.push_back(dataForm("data, form for conversations", workspace, 1));
  states.push_back(dataForm("data, form for preferences", workspace, 2));
  states.push_back({"instructions, review", [](Journey& at) {
                      open(at, PageId::kData, {text("tasks.jsonl")});
                      openTab(at, "instructionsTabs", 0);
                      at.see<QTableView>("instructionsKept")->selectRow(1);
                    }});
  const QStringList tasks = {text("tasks.jsonl")};
  states.push_back(tab("instructions, left out", PageId::kData, tasks, "instructionsTabs", 1));
  states.push_back(tab("instructions, about", PageId::kData, tasks, "instructionsTabs", 2));
  states.push_back({"instructions, form",
                    [](Journey& at) {
                      open(at, PageId::kData, {text("texts")});
                      QVERIFY(at.click("instructionsNew"));
                    },
                    [](Journey& at) { QVERIFY(at.click("generateBack")); }});
  states.push_back({"store a key",
                    [](Journey& at) {
                      open(at, PageId::kData, {text("texts")});
                      QVERIFY(at.click("instructionsNew"));
                      QVERIFY(at.click("generateStoreKey"));
                      QVERIFY(
                          waitUntil([] { return QApplication::activeModalWidget() != nullptr; }));
                    },
                    [](Journey& at) {
                      closeDialog(at);
                      QVERIFY(at.click("generateBack"));
                    }});
  const QStringList talker = {text("talker")};
  states.push_back(tab("models, generate", PageId::kModels, talker, "modelTabs", 0));
  states.push_back(tab("models, about", PageId::kModels, talker, "modelTabs", 1));
  states.push_back(dialog("export", "models", talker, "modelExport"));
}

void ask(Journey& at, const QString& question) {
  at.type(at.see<QPlainTextEdit>("chatInput"), question);
  QTest::keyClick(at.see<QPlainTextEdit>("chatInput"), Qt::Key_Return);
  QVERIFY(at.isSettled());
}

void addChats(std::vector<State>& states) {
  states.push_back(
      {"chat, nothing said", [](Journey& at) { open(at, PageId::kChat, {text("talker")}); }});
  states.push_back({"chat", [](Journey& at) {
                      open(at, PageId::kChat, {text("talker")});
                      at.type(at.see<QWidget>("chatTokens"), text("12"));
                      ask(at, text("the quick brown fox"));
                    }});
  states.push_back({"chat, a message that is edited",
                    [](Journey& at) { QVERIFY(at.click("messageEdit")); },
                    [](Journey& at) { at.press(Qt::Key_Escape); }});
  states.push_back({"chat, its tokens", [](Journey& at) { QVERIFY(at.click("chatTokensShown")); },
                    [](Journey& at) { QVERIFY(at.click("chatTokensShown")); }});
  states.push_back({"chat, two models",
                    [](Journey& at) {
                      open(at, PageId::kChat, {text("talker"), text("plain")});
                      ask(at, text("jumps"));
                    },
                    [](Journey& at) { QVERIFY(at.click("chatSecond")); }});
}

void addFrame(std::vector<State>& states, const FullWorkspace& workspace) {
  states.push_back({"settings", [](Journey& at) { open(at, PageId::kSettings); }});
  states.push_back({"settings, shortcuts", [](Journey& at) {
                      open(at, PageId::kSettings, {text("shortcuts")});
                      QCoreApplication::processEvents();
                    }});
  states.push_back(
      {"messages",
       [](Journey& at) {
         open(at, PageId::kRuns, {text("alpha")});
         at.workbench().notify({.kind = Notice::Kind::kGood,
                                .what = text("One that waits behind the other"),
                                .meaning = {},
                                .remedy = {}});
         at.workbench().notify(
             {.what = text("The checkpoint of step 1,200 is damaged: model.safetensors"),
              .meaning = text("The run did not go on; its older checkpoints are untouched."),
              .remedy = text("Resume from an older checkpoint, or begin again."),
              .actionText = text("Try again")});
       },
       [](Journey& at) { at.dismissMessages(); }});
  const auto running = std::make_shared<QString>();
  states.push_back({"a job",
                    [&workspace, running](Journey& at) {
                      open(at, PageId::kRuns, {text("alpha")});
                      *running = at.workbench().jobs().start(
                          text("data.generate"), text("Instructions more.jsonl"),
                          {text("data"), text("generate"), text("--json"), text("--seeds"),
                           pathText(workspace.seeds()), text("--endpoint"), workspace.slowServer(),
                           text("--model"), text("made-up"), text("--count"), text("10"),
                           text("--output"),
                           pathText(workspace.path() / "data" / "more" / "more.jsonl")});
                      QVERIFY(waitUntil([&] { return at.see<QWidget>("jobBar") != nullptr; }));
                    },
                    [running](Journey& at) {
                      at.workbench().jobs().cancel(*running);
                      at.workbench().jobs().cancel(*running);
                      QVERIFY(waitUntil([&] { return at.see<QWidget>("jobBar") == nullptr; }));
                      at.dismissMessages();
                    }});
}

}  // namespace

std::vector<State> statesOf(const FullWorkspace& workspace) {
  std::vector<State> states;
  addRuns(states);
  addNewRuns(states, workspace);
  addLibraries(states, workspace);
  addChats(states);
  addFrame(states, workspace);
  return states;
}

std::vector<State> statesOfNothing() {
  const std::pair<const char*, PageId> pages[] = {{"first start", PageId::kRuns},
                                                  {"no run", PageId::kRun},
                                                  {"nothing to compare", PageId::kCompare},
                                                  {"new run without data", PageId::kNewRun},
                                                  {"no data", PageId::kData},
                                                  {"no tokenizer", PageId::kTokenizers},
                                                  {"no model", PageId::kModels},
                                                  {"nobody to chat with", PageId::kChat},
                                                  {"empty queue", PageId::kQueue}};
  std::vector<State> states;
  for (const auto& [name, page] : pages)
    states.push_back({name, [page = page](Journey& at) { open(at, page); }});
  return states;
}

}  // namespace z2::ui
