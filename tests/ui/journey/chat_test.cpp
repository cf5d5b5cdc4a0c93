// A conversation by keyboard alone: a model is chosen, asked, stopped, asked again, a question is
// changed, and a second model answers beside the first.

#include <QComboBox>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QtTest>

#include "tests/support/temporary_folder.h"
#include "tests/ui/journey/journey.h"
#include "tests/ui/support/tiny_model.h"
#include "ui/pages/chat/chat_page.h"

namespace z2::ui {

class ChatTest : public QObject {
  Q_OBJECT

 private:
  const std::vector<ChatTurn>& turns() {
    return at_.window().findChild<ChatPage*>()->session().turns();
  }
  const ChatAnswer& answer(size_t side = 0) { return turns().back().answers.at(side); }
  bool isDone() {
    return waitUntil([&] { return !at_.window().findChild<ChatPage*>()->session().isBusy(); });
  }
  // In a list that is closed, as one does: Down until it is there.
  void choose(const char* list, const QString& name) {
    QVERIFY2(at_.tabTo(list), list);
    auto* box = at_.see<QComboBox>(list);
    at_.press(Qt::Key_Home);
    for (int i = 0; i < box->count() && box->currentText() != name; ++i) at_.press(Qt::Key_Down);
    QCOMPARE(box->currentText(), name);
    QVERIFY(at_.isSettled());
  }
  void set(const char* field, const QString& value) {
    QVERIFY2(at_.tabTo(field), field);
    at_.press(Qt::Key_A, Qt::ControlModifier);
    at_.write(value);
  }
  void send(const QString& text) {
    QVERIFY(at_.tabTo("chatInput"));
    at_.write(text);
    at_.press(Qt::Key_Return);
  }

  TemporaryFolder folder_;
  Journey at_{folder_.path()};

 private Q_SLOTS:
  void initTestCase() {
    makeTinyModel(folder_.path() / "models" / "long", {.seed = 3, .context = 16'384});
    makeTinyModel(folder_.path() / "models" / "other", {.seed = 4});
    makeTinyModel(folder_.path() / "models" / "short");
    at_.open();
  }
  void cleanupTestCase() { at_.close(); }

  void aModelIsChosen() {
    at_.press(Qt::Key_6, Qt::ControlModifier);
    QCOMPARE(at_.window().currentPage(), PageId::kChat);
    QVERIFY(at_.isSettled());
    QCOMPARE(QApplication::focusWidget(), at_.see<QPlainTextEdit>("chatInput"));
    choose("chatModel1", QStringLiteral("long"));
  }

  void itsAnswerIsStopped() {
    set("chatTemperature", QStringLiteral("0"));
    set("chatTokens", QStringLiteral("16000"));
    send(QStringLiteral("the quick brown fox"));
    QVERIFY(waitUntil([&] { return !turns().empty() && !answer().text.isEmpty(); }));
    at_.press(Qt::Key_Escape);
    QVERIFY(isDone());
    QCOMPARE(answer().end.reason, QStringLiteral("interrupted"));
    QVERIFY(!answer().text.isEmpty());
  }

  void itAnswersAgain() {
    set("chatTokens", QStringLiteral("12"));
    QVERIFY(at_.tabTo("chatInput"));
    const uint64_t seed = answer().seed;
    at_.press(Qt::Key_R, Qt::ControlModifier);
    QVERIFY(isDone());
    QCOMPARE(turns().size(), size_t{1});
    QCOMPARE(answer().seed, seed + 1);
    QCOMPARE(answer().end.tokens, 12);
  }

  void theQuestionIsChanged() {
    at_.press(Qt::Key_Up);  // the message is empty: the last one
    at_.press(Qt::Key_A, Qt::ControlModifier);
    at_.write(QStringLiteral("jumps"));
    at_.press(Qt::Key_Return);
    QVERIFY(isDone());
    QCOMPARE(turns().size(), size_t{1});
    QCOMPARE(turns().back().question, QStringLiteral("jumps"));
    QCOMPARE(answer().state, ChatAnswer::State::kDone);
  }

  void aSecondModelAnswersToo() {
    QVERIFY(at_.tabTo("chatSecond"));
    at_.press(Qt::Key_Space);
    QVERIFY(at_.isSettled());
    choose("chatModel2", QStringLiteral("other"));
    QVERIFY(at_.tabTo("chatLate2"));
    at_.press(Qt::Key_Space);
    QVERIFY(isDone());
    QCOMPARE(answer(1).state, ChatAnswer::State::kDone);
    QCOMPARE(answer(1).name, QStringLiteral("other"));
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    QCOMPARE(turns().size(), size_t{2});
    QCOMPARE(answer(0).state, ChatAnswer::State::kDone);
    QCOMPARE(answer(1).state, ChatAnswer::State::kDone);
    QCOMPARE(answer(0).seed, answer(1).seed);
    QCOMPARE(at_.message(), QString());
  }

  void whatWasClearedComesBack() {
    QVERIFY(at_.tabTo("chatClear"));
    at_.press(Qt::Key_Space);
    QVERIFY(turns().empty());
    QVERIFY(at_.tabTo("bannerAction"));
    at_.press(Qt::Key_Space);
    QCOMPARE(turns().size(), size_t{2});
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::ChatTest)
#include "chat_test.moc"
