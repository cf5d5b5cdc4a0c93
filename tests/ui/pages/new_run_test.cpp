// The wizard, driven by mouse and keyboard from data to a run that has finished.

#include <QtTest>

#include "core/io/files.h"
#include "core/run/run_report.h"
#include "tests/ui/support/small_workspace.h"
#include "ui/forms/field_row.h"
#include "ui/pages/new_run/new_run_page.h"
#include "ui/pages/queue/queue_page.h"
#include "ui/services/workbench.h"

namespace z2::ui {

class NewRunTest : public QObject {
  Q_OBJECT

 private:
  template <typename Widget>
  Widget* find(const char* name) {
    auto* found = page_->findChild<Widget*>(QLatin1String(name));
    if (found == nullptr) qFatal("there is no %s", name);
    return found;
  }
  FieldRow* row(const char* key) { return find<FieldRow>(key); }
  void click(const char* name) {
    auto* button = find<QAbstractButton>(name);
    QVERIFY2(button->isEnabled(), name);
    QTest::mouseClick(button, Qt::LeftButton);
  }
  // 0 data, 1 tokenizer, 2 model, 3 training, 4 review.
  void goTo(int step) {
    auto* steps = find<QListWidget>("steps");
    QTest::mouseClick(steps->viewport(), Qt::LeftButton, {},
                      steps->visualItemRect(steps->item(step)).center());
  }
  void goToStepOf(const QString& key) {
    if (key.startsWith(QStringLiteral("tokenizer.")))
      goTo(1);
    else if (key.startsWith(QStringLiteral("model.")))
      goTo(2);
    else if (key == QStringLiteral("data.train") || key == QStringLiteral("data.valid"))
      goTo(0);
    else
      goTo(3);
    if (key == QStringLiteral("model.num_attention_heads")) click("shape-detail");
  }
  void type(const char* key, const QString& text) {
    QWidget* control = row(key)->control();
    control->setFocus();
    if (auto* line = qobject_cast<QLineEdit*>(control)) line->selectAll();
    QTest::keyClicks(control, text);
  }
  bool isSettled() {
    return waitUntil([this] { return page_->isSettled(); });
  }
  QString problemOf(const char* key) {
    return isSettled() ? row(key)->problem() : QStringLiteral("never checked");
  }

  std::unique_ptr<SmallWorkspace> workspace_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
  std::unique_ptr<NewRunPage> page_;

 private Q_SLOTS:
  void init() {
    workspace_ = std::make_unique<SmallWorkspace>();
    settings_ = std::make_unique<Settings>(
        QString::fromStdString((workspace_->path() / "window.ini").native()));
    workbench_ = std::make_unique<Workbench>(Workspace(workspace_->path()), *settings_);
    page_ = std::make_unique<NewRunPage>(*workbench_);
    page_->resize(1100, 760);
    page_->show();
    QVERIFY(QTest::qWaitForWindowExposed(page_.get()));
    QVERIFY(isSettled());
  }
  void cleanup() {
    page_.reset();
    workbench_.reset();
    workspace_.reset();
  }

  void fromDataToAFinishedRun() {
    QSignalSpy opened(workbench_.get(), &Workbench::opened);
    auto* sets = find<QTreeWidget>("data-sets");
    QCOMPARE(sets->topLevelItemCount(), 1);
    QTest::mouseClick(sets->viewport(), Qt::LeftButton, {},
                      sets->visualItemRect(sets->topLevelItem(0)).center());
    QVERIFY(isSettled());
    QVERIFY(row("data.valid")->text().endsWith(QStringLiteral("walk.valid")));
    click("next");
    click("next");
    click("card-custom");
    QVERIFY(isSettled());
    QCOMPARE(row("model.vocab_size")->text(), QStringLiteral("64"));  // the data's
    for (const auto& [key, value] :
         {std::pair("model.vocab_size", "64"), std::pair("model.hidden_size", "32"),
          std::pair("model.intermediate_size", "64"), std::pair("model.num_hidden_layers", "2"),
          std::pair("model.num_attention_heads", "2"), std::pair("model.num_key_value_heads", "1"),
          std::pair("model.max_position_embeddings", "32")})
      type(key, QLatin1String(value));
    click("next");
    type("data.seq_len", QStringLiteral("32"));
    type("train.steps", QStringLiteral("2"));
    type("train.micro_batch_size", QStringLiteral("4"));
    type("train.device", QStringLiteral("cpu"));
    QVERIFY(isSettled());
    QCOMPARE(row("train.device")->text(), QStringLiteral("cpu"));
    click("next");
    auto* name = find<QLineEdit>("run-name");
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("mine"));
    QVERIFY2(isSettled() && find<QAbstractButton>("start")->isEnabled(),
             qPrintable(find<QLabel>("problems")->text()));
    QVERIFY(
        find<QPlainTextEdit>("command")->toPlainText().contains(QStringLiteral("train.steps=2")));
    click("start");
    QVERIFY(waitUntil([&] { return !opened.isEmpty(); }));
    QCOMPARE(opened.last().at(0).value<PageId>(), PageId::kRun);
    QVERIFY(waitUntil([&] {
      const auto run = RunDirectory::open(workspace_->run("mine"));
      return run && inspectRun(*run).value().status.state == RunState::kFinished;
    }));
    QVERIFY(!workbench_->actions().isBusy(QStringLiteral("mine")) ||
            waitUntil([&] { return !workbench_->actions().isBusy(QStringLiteral("mine")); }));
  }

  void eachInvalidFieldSaysWhy_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    const auto add = [](const char* key, const char* text, const char* reason) {
      QTest::newRow(key) << QString::fromLatin1(key) << QString::fromLatin1(text)
                         << QString::fromLatin1(reason);
    };
    add("train.steps", "many", "whole number");
    add("train.micro_batch_size", "0", "between");
    add("optim.lr", "-1", "range");
    add("data.seq_len", "100000", "max_position_embeddings");
    add("optim.warmup_steps", "5000", "train.steps");
    add("data.train", "/no/such", "/no/such.bin");
    add("data.valid", "0.5:", "");
    add("tokenizer.path", "/no/such", "/no/such");
    add("model.init_from", "/no/such", "Hugging Face");
    add("model.num_attention_heads", "7", "divide");
  }
  void eachInvalidFieldSaysWhy() {
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const QByteArray name = key.toLatin1();
    goToStepOf(key);
    type(name.constData(), text);
    const QString problem = problemOf(name.constData());
    QVERIFY(!problem.isEmpty());
    QVERIFY2(problem.contains(reason), qPrintable(problem));
    QVERIFY(!find<QAbstractButton>("start")->isEnabled());
    QVERIFY(find<QListWidget>("steps")->item(4)->text().startsWith(QStringLiteral("✕")));
  }

  void aChangedFieldCanBeReset() {
    goTo(3);
    type("optim.lr", QStringLiteral("0.5"));
    QVERIFY(isSettled());
    QPushButton* reset = nullptr;
    for (auto* button : row("optim.lr")->findChildren<QPushButton*>())
      if (!button->isHidden()) reset = button;
    QVERIFY(reset != nullptr);
    reset->click();
    QVERIFY(isSettled());
    QCOMPARE(row("optim.lr")->text(), QStringLiteral("0.001"));
    QVERIFY(reset->isHidden());
  }

  void takesTheSettingsOfARunOrAFile() {
    static_cast<void>(workspace_->makeRun("old", {"optim.lr=0.25"}));
    goTo(3);
    page_->select({QStringLiteral("clone:old")});
    QVERIFY(waitUntil(
        [&] { return page_->isSettled() && row("optim.lr")->text() == QStringLiteral("0.25"); }));
    const auto file = QString::fromStdString((workspace_->path() / "settings.json").native());
    page_->exportTo(file);
    QVERIFY(waitUntil([&] { return QFile::exists(file); }));
    type("optim.lr", QStringLiteral("0.5"));
    QVERIFY(isSettled());
    page_->importFrom(file);
    QVERIFY(waitUntil(
        [&] { return page_->isSettled() && row("optim.lr")->text() == QStringLiteral("0.25"); }));
    QSignalSpy noticed(workbench_.get(), &Workbench::noticed);
    QVERIFY(replaceFile(workspace_->path() / "settings.json", R"({"modle":{"x":1}})"));
    page_->importFrom(file);
    QVERIFY(waitUntil([&] { return !noticed.isEmpty(); }));
    QVERIFY(noticed.last().at(0).value<Notice>().what.contains(QStringLiteral("modle")));
    QCOMPARE(row("optim.lr")->text(), QStringLiteral("0.25"));
  }

  void theQueueCanBeReordered() {
    static_cast<void>(workspace_->makeRun("busy", {"train.steps=100000"}));
    static_cast<void>(workspace_->makeRun("b"));
    static_cast<void>(workspace_->makeRun("c"));
    QueuePage queue(*workbench_);
    RunActions& actions = workbench_->actions();
    const auto done = [&](const QString& run) {
      return waitUntil([&] { return !actions.isBusy(run); });
    };
    actions.start(QStringLiteral("busy"));
    QVERIFY(done(QStringLiteral("busy")));
    for (const QString& name : {QStringLiteral("b"), QStringLiteral("c")}) {
      actions.enqueue(name);
      QVERIFY(done(name));
    }
    const auto is = [&](const QStringList& names) {
      return waitUntil([&] { return queue.isSettled() && queue.waiting() == names; });
    };
    queue.show();
    QVERIFY(is({QStringLiteral("b"), QStringLiteral("c")}));
    queue.select({QStringLiteral("c")});
    QTest::mouseClick(queue.findChild<QPushButton*>(QStringLiteral("up")), Qt::LeftButton);
    QVERIFY(is({QStringLiteral("c"), QStringLiteral("b")}));
    QTest::mouseClick(queue.findChild<QPushButton*>(QStringLiteral("remove")), Qt::LeftButton);
    QVERIFY(is({QStringLiteral("b")}));
    for (const QString& name : {QStringLiteral("b"), QStringLiteral("busy")}) {
      QVERIFY(done(name));
      actions.stop(name);
      QVERIFY(done(name));
    }
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::NewRunTest)
#include "new_run_test.moc"
