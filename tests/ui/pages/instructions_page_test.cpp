// Instruction data written, reviewed, stopped and gone on with in the real page, against a server
// of this test.

#include <atomic>

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "core/http/keychain.h"
#include "tests/support/keyring_session.h"
#include "tests/support/scripted_server.h"
#include "tests/support/task_model.h"
#include "tests/ui/support/page_widgets.h"
#include "ui/base/text.h"
#include "ui/forms/path_edit.h"
#include "ui/pages/data/data_page.h"
#include "ui/pages/instructions/generate_form.h"
#include "ui/pages/instructions/key_dialog.h"
#include "ui/pages/library/entry_list.h"
#include "ui/pages/library/file_list.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

constexpr int kPatience = 60'000;  // ms; the machine may be busy

}  // namespace

class InstructionsPageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void writesReviewsAndGoesOn();
  void stopsAndGoesOn();
  void saysWhyTheServerRefuses();
  void storesAKey();
  void saysThatNoKeychainIsThere();

 private:
  // The form, filled in for `count` tasks of `server`, and started.
  void start(DataPage& page, const ScriptedServer& server, int count);
  void show(DataPage& page);
  KeyDialog& openKeyDialog(DataPage& page);
  [[nodiscard]] std::filesystem::path output() const {
    return workbench_->workspace().data() / "new" / "new.jsonl";
  }
  [[nodiscard]] size_t kept() const {
    const auto tasks = readKeptTasks(output());
    return tasks ? tasks->size() : 0;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
};

void InstructionsPageTest::init() {
  workbench_.reset();
  folder_ = std::make_unique<QTemporaryDir>();
  settings_ = std::make_unique<Settings>(folder_->filePath(QStringLiteral("window.ini")));
  workbench_ = std::make_unique<Workbench>(
      Workspace(toPath(folder_->filePath(QStringLiteral("workspace")))), *settings_);
  std::string seeds;
  for (size_t i = 0; i < 10; ++i) seeds += jsonLine(madeUpTask(900 + i).toJson()) + "\n";
  QVERIFY(replaceFile(toPath(folder_->filePath(QStringLiteral("seeds.jsonl"))), seeds));
}

void InstructionsPageTest::show(DataPage& page) {
  page.resize(1100, 720);
  page.show();
  QVERIFY(QTest::qWaitForWindowExposed(&page));
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), kPatience);
}

void InstructionsPageTest::start(DataPage& page, const ScriptedServer& server, int count) {
  Q_EMIT page.findChild<EmptyState*>()->otherChosen();  // the second button of the empty page
  auto* name = named<QLineEdit>(page, "generateName");
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("new"));
  QVERIFY(!named<QPushButton>(page, "generateStart")->isEnabled());  // no seeds yet
  named<GenerateForm>(page, "generateForm")
      ->findChild<FileList*>()
      ->add({folder_->filePath(QStringLiteral("seeds.jsonl"))});
  named<QLineEdit>(page, "generateEndpoint")->setText(toQString(server.url()));
  QVERIFY(!named<QPushButton>(page, "generateStart")->isEnabled());  // no model yet
  QTest::keyClicks(named<QLineEdit>(page, "generateModel"), QStringLiteral("made-up"));
  auto* key = named<GenerateForm>(page, "generateForm")->findChild<PathEdit*>()->line();
  key->setText(QStringLiteral("/nowhere/key"));
  QVERIFY(!named<QPushButton>(page, "generateStart")->isEnabled());
  key->setText(QStringLiteral("keychain:provider"));
  QVERIFY(named<QPushButton>(page, "generateStart")->isEnabled());
  key->clear();
  named<QSpinBox>(page, "generateCount")->setValue(count);
  named<QSpinBox>(page, "generatePerRequest")->setValue(4);
  press(page, "generateStart");
  QTRY_COMPARE_WITH_TIMEOUT(named<EntryList>(page, "dataList")->currentKey(),
                            QStringLiteral("new.jsonl"), kPatience);
}

void InstructionsPageTest::writesReviewsAndGoesOn() {
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    return ScriptedReply{.body = replyWithTasks(request.body, 4)};
  });
  DataPage page(*workbench_);
  show(page);
  start(page, server, 10);
  auto* table = named<QTableView>(page, "instructionsKept");
  QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 10, kPatience);
  auto* more = named<QPushButton>(page, "instructionsMore");
  QTRY_VERIFY_WITH_TIMEOUT(more->isVisible() && page.isSettled(), kPatience);
  QCOMPARE(named<QTableView>(page, "instructionsDropped")->model()->rowCount(), 2);

  // A task is read whole, changed, and another taken out.
  table->selectRow(1);
  auto* text = named<QPlainTextEdit>(page, "taskInstruction");
  QTRY_VERIFY(!text->toPlainText().isEmpty() && !text->isReadOnly());
  QVERIFY(named<QPlainTextEdit>(page, "taskOutput")->toPlainText().contains(QLatin1Char('\n')));
  QVERIFY(!named<QPushButton>(page, "taskSave")->isEnabled());
  text->setPlainText(QStringLiteral("A better question"));
  press(page, "taskSave");
  QTRY_COMPARE_WITH_TIMEOUT(table->model()->index(1, 0).data().toString(),
                            QStringLiteral("A better question"), kPatience);
  QCOMPARE(readKeptTasks(output()).value()[1].instruction, std::string("A better question"));
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), kPatience);
  table->selectRow(0);
  const QString gone = table->model()->index(0, 0).data().toString();
  QTRY_VERIFY(named<QPushButton>(page, "taskRemove")->isEnabled());
  press(page, "taskRemove");
  QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 9, kPatience);
  QCOMPARE(kept(), size_t{9});

  // More of it: what was taken out does not come back.
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), kPatience);
  press(page, "instructionsMore");
  QVERIFY(!named<QLineEdit>(page, "generateName")->isEnabled());
  QCOMPARE(named<QLineEdit>(page, "generateModel")->text(), QStringLiteral("made-up"));
  named<QSpinBox>(page, "generateCount")->setValue(20);
  press(page, "generateStart");
  QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 20, kPatience);
  for (int row = 0; row < 20; ++row)
    QVERIFY(table->model()->index(row, 0).data().toString() != gone);
}

void InstructionsPageTest::stopsAndGoesOn() {
  std::atomic<bool> isSlow = true;
  const ScriptedServer server([&](const ScriptedRequest& request, int number) {
    return ScriptedReply{.body = replyWithTasks(request.body, 4),
                         .delay = std::chrono::seconds(isSlow && number >= 2 ? 600 : 0)};
  });
  DataPage page(*workbench_);
  show(page);
  start(page, server, 40);
  auto* stop = named<QPushButton>(page, "instructionsStop");
  QTRY_VERIFY_WITH_TIMEOUT(stop->isVisible() && kept() == 8, kPatience);
  // While tasks are written nothing can be changed.
  QVERIFY(named<QPlainTextEdit>(page, "taskOutput")->isReadOnly());
  QTest::mouseClick(stop, Qt::LeftButton);
  auto* more = named<QPushButton>(page, "instructionsMore");
  QTRY_VERIFY_WITH_TIMEOUT(more->isVisible(), kPatience);
  QCOMPARE(kept(), size_t{8});
  isSlow = false;
  QTRY_VERIFY_WITH_TIMEOUT(page.isSettled(), kPatience);
  QTest::mouseClick(more, Qt::LeftButton);
  press(page, "generateStart");
  QTRY_COMPARE_WITH_TIMEOUT(kept(), size_t{40}, kPatience);
}

void InstructionsPageTest::saysWhyTheServerRefuses() {
  const ScriptedServer server([](const ScriptedRequest&, int) {
    return ScriptedReply{.status = 401, .body = R"({"error":{"message":"wrong key"}})"};
  });
  QString said;
  connect(workbench_.get(), &Workbench::noticed, this,
          [&](const Notice& notice) { said = notice.what + notice.meaning + notice.remedy; });
  DataPage page(*workbench_);
  show(page);
  start(page, server, 10);
  QTRY_VERIFY_WITH_TIMEOUT(said.contains(QStringLiteral("wrong key")), kPatience);
  QVERIFY(said.contains(QStringLiteral("--key-file")));
}

// The dialog, opened by the form's button.
KeyDialog& InstructionsPageTest::openKeyDialog(DataPage& page) {
  if (!named<GenerateForm>(page, "generateForm")->isVisible())
    Q_EMIT page.findChild<EmptyState*>()->otherChosen();
  press(page, "generateStoreKey");
  return *named<KeyDialog>(page, "key-dialog");
}

void InstructionsPageTest::storesAKey() {
  if (const std::string tool = KeyringSession::missingTool(); !tool.empty())
    QSKIP(qPrintable(toQString(tool) + QStringLiteral(" is not installed")));
  const KeyringSession session(toPath(folder_->path()));
  DataPage page(*workbench_);
  show(page);
  KeyDialog& dialog = openKeyDialog(page);
  auto* name = named<QLineEdit>(dialog, "keyName");
  auto* secret = named<QLineEdit>(dialog, "keySecret");
  auto* store = named<QPushButton>(dialog, "keyStore");
  QCOMPARE(secret->echoMode(), QLineEdit::Password);
  QVERIFY(!store->isEnabled());  // no key yet
  name->setText(QStringLiteral("two words"));
  QTest::keyClicks(secret, QStringLiteral("made-up-key"));
  QVERIFY(!store->isEnabled());
  name->setText(QStringLiteral("made-up"));
  QTest::mouseClick(store, Qt::LeftButton);
  auto* key = named<GenerateForm>(page, "generateForm")->findChild<PathEdit*>()->line();
  QTRY_COMPARE_WITH_TIMEOUT(key->text(), QStringLiteral("keychain:made-up"), kPatience);
  QCOMPARE(readFromKeychain("made-up", {}).value(), std::string("made-up-key"));
  // The same name again, which the form has now.
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  KeyDialog& again = openKeyDialog(page);
  QCOMPARE(named<QLineEdit>(again, "keyName")->text(), QStringLiteral("made-up"));
  QVERIFY(named<QLineEdit>(again, "keySecret")->text().isEmpty());
  again.reject();
}

void InstructionsPageTest::saysThatNoKeychainIsThere() {
  qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
  const QByteArray path = qgetenv("PATH");
  DataPage page(*workbench_);
  show(page);
  KeyDialog& dialog = openKeyDialog(page);
  auto* state = named<QLabel>(dialog, "keyState");
  auto* store = named<QPushButton>(dialog, "keyStore");
  QTest::keyClicks(named<QLineEdit>(dialog, "keySecret"), QStringLiteral("made-up-key"));
  if (findKeychainProgram()) {
    QTest::mouseClick(store, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(state->text().contains(QStringLiteral("no keychain answers")),
                             kPatience);
    QVERIFY(store->isEnabled());  // once one was started
  }
  dialog.reject();
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  qputenv("PATH", "/nowhere");
  KeyDialog& without = openKeyDialog(page);
  QTRY_VERIFY(named<QLabel>(without, "keyState")->text().contains(QStringLiteral("secret-tool")));
  QTest::keyClicks(named<QLineEdit>(without, "keySecret"), QStringLiteral("made-up-key"));
  QVERIFY(!named<QPushButton>(without, "keyStore")->isEnabled());
  QVERIFY(named<QLabel>(without, "keyState")->text().contains(QStringLiteral("secret-tool")));
  without.reject();
  qputenv("PATH", path);
  qunsetenv("DBUS_SESSION_BUS_ADDRESS");
}

}  // namespace z2::ui

QTEST_MAIN(z2::ui::InstructionsPageTest)
#include "instructions_page_test.moc"
