// Conversations with tiny models in the real page: by keyboard, with and without a template,
// stopped, answered again, edited, and with two models side by side.

#include "ui/pages/chat/chat_page.h"

#include <QAccessible>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/support/tiny_model.h"
#include "ui/base/text.h"
#include "ui/pages/chat/message_text.h"
#include "ui/pages/chat/message_view.h"
#include "ui/pages/library/piece_view.h"

namespace z2::ui {

namespace {

constexpr int kPatience = 60'000;  // ms; the machine may be busy

const std::string kChatMl =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

}  // namespace

class ChatPageTest : public QObject {
  Q_OBJECT

 private:
  template <typename Widget>
  Widget* named(const char* name) {
    auto* found = page_->findChild<Widget*>(QString::fromLatin1(name));
    if (found == nullptr) qFatal("there is no %s", name);
    return found;
  }
  const std::vector<ChatTurn>& turns() { return page_->session().turns(); }
  const ChatAnswer& answer(size_t turn, size_t side = 0) { return turns()[turn].answers.at(side); }
  bool isDone() {
    return QTest::qWaitFor([this] { return !page_->session().isBusy(); }, kPatience);
  }
  void send(const QString& text) {
    auto* input = named<QPlainTextEdit>("chatInput");
    QTest::keyClicks(input, text);
    QTest::keyClick(input, Qt::Key_Return);
  }
  // The messages of a side, as they are on the page.
  QList<MessageView*> messages(const char* side = "chatSide1") {
    QList<MessageView*> shown;
    for (auto* message : named<QWidget>(side)->findChildren<MessageView*>())
      if (!message->isHidden()) shown.append(message);
    return shown;
  }
  void greedy(int tokens) {
    named<QDoubleSpinBox>("chatTemperature")->setValue(0);
    named<QSpinBox>("chatTokens")->setValue(tokens);
  }

  QTemporaryDir folder_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Workbench> workbench_;
  std::unique_ptr<ChatPage> page_;

 private Q_SLOTS:
  void initTestCase() {
    settings_ = std::make_unique<Settings>(folder_.filePath(QStringLiteral("window.ini")));
    workbench_ = std::make_unique<Workbench>(
        Workspace(toPath(folder_.filePath(QStringLiteral("workspace")))), *settings_);
    const auto models = workbench_->workspace().models();
    makeTinyModel(models / "plain");
    makeTinyModel(models / "talker", {.seed = 2, .chatTemplate = kChatMl});
    makeTinyModel(models / "long", {.seed = 3, .context = 16'384});
  }

  void init() {
    page_ = std::make_unique<ChatPage>(*workbench_);
    page_->resize(1100, 720);
    page_->show();
    QVERIFY(QTest::qWaitForWindowExposed(page_.get()));
    page_->select({QStringLiteral("plain")});
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    QCOMPARE(named<QComboBox>("chatModel1")->currentText(), QStringLiteral("plain"));
    named<QSpinBox>("chatTokens")->setValue(12);
  }
  void cleanup() { page_.reset(); }

  void answersWithFigures() {
    QVERIFY(named<QLabel>("chatNote1")->isVisible());  // it has no template
    QVERIFY(!named<QPushButton>("chatSend")->isEnabled());
    send(QStringLiteral("the quick"));
    QVERIFY(isDone());
    if (answer(0).state == ChatAnswer::State::kFailed)
      QSKIP("the engine does not start here: it needs LibTorch");
    QCOMPARE(turns().size(), 1);
    QCOMPARE(turns()[0].question, QStringLiteral("the quick"));
    QVERIFY(!answer(0).text.isEmpty());
    QCOMPARE(answer(0).seed, 1U);
    QCOMPARE(answer(0).ids.size(), static_cast<size_t>(answer(0).end.tokens));
    QVERIFY(named<QPlainTextEdit>("chatInput")->toPlainText().isEmpty());
    const auto shown = messages();
    QCOMPARE(shown.size(), 2);
    QCOMPARE(shown[0]->text().toPlainText(), turns()[0].question);
    QCOMPARE(shown[1]->text().source(), answer(0).text);
    QVERIFY(shown[1]->text().height() > 0);
  }

  void theSameSeedAnswersTheSame() {
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    const QString first = answer(0).text;
    QTest::keyClick(named<QPlainTextEdit>("chatInput"), Qt::Key_R, Qt::ControlModifier);
    QVERIFY(isDone());
    QCOMPARE(answer(0).seed, 2U);
    QVERIFY(answer(0).text != first);
    QTest::mouseClick(named<QPushButton>("chatClear"), Qt::LeftButton);
    QVERIFY(turns().empty());
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    QCOMPARE(answer(0).text, first);
  }

  void aTemplateWritesThePrompt() {
    page_->select({QStringLiteral("talker")});
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    QVERIFY(!named<QLabel>("chatNote1")->isVisible());
    QTest::keyClicks(named<QPlainTextEdit>("chatSystem"), QStringLiteral("be brief"));
    QTest::mouseClick(named<QPushButton>("chatTokensShown"), Qt::LeftButton);
    send(QStringLiteral("jumps"));
    QVERIFY(isDone());
    const auto& pieces =
        named<QWidget>("chatSide1")->findChild<PieceView*>(QStringLiteral("chatPieces"))->pieces();
    QCOMPARE(pieces.size(), answer(0).prompt.ids.size() + answer(0).ids.size());
    QCOMPARE(pieces.front().text, QStringLiteral("<|im_start|>"));
    QVERIFY(pieces.front().isSpecial);
    const auto starts = std::count_if(
        pieces.begin(), pieces.begin() + std::ssize(answer(0).prompt.ids),
        [](const Piece& piece) { return piece.text == QLatin1String("<|im_start|>"); });
    QCOMPARE(starts, 3);  // system, user, assistant
  }

  void stopsWhatIsWritten() {
    page_->select({QStringLiteral("long")});
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    greedy(16'000);
    send(QStringLiteral("the quick brown fox"));
    QVERIFY(!named<QPushButton>("chatSend")->isVisible());
    QVERIFY(QTest::qWaitFor([this] { return !answer(0).text.isEmpty(); }, kPatience));
    QTest::keyClick(named<QPlainTextEdit>("chatInput"), Qt::Key_Escape);
    QVERIFY(isDone());
    QCOMPARE(answer(0).end.reason, QStringLiteral("interrupted"));
    QVERIFY(!answer(0).text.isEmpty());
    QVERIFY(named<QPushButton>("chatSend")->isVisible());
  }

  void editsAndGoesOn() {
    for (const char* text : {"the quick", "brown", "fox"}) {
      send(QString::fromLatin1(text));
      QVERIFY(isDone());
    }
    QCOMPARE(turns().size(), 3);
    const QString second = answer(1).text;
    // The first answer as it should have been: what followed is gone.
    QTest::mouseClick(messages()[1]->findChild<QPushButton*>(QStringLiteral("messageEdit")),
                      Qt::LeftButton);
    auto* text = messages()[1]->findChild<MessageText*>();
    QVERIFY(!text->isReadOnly());
    QTest::keyClick(text, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(text, QStringLiteral("jumps high"));
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(turns().size(), 1);
    QCOMPARE(answer(0).text, QStringLiteral("jumps high"));
    QVERIFY(answer(0).isEdited);
    QCOMPARE(messages().size(), 2);
    send(QStringLiteral("brown"));
    QVERIFY(isDone());
    QVERIFY(answer(1).text != second);  // it goes on from other words
    // Esc leaves a message as it was; Up takes the last question.
    QTest::keyClick(named<QPlainTextEdit>("chatInput"), Qt::Key_Up);
    auto* question = messages()[2]->findChild<MessageText*>();
    QVERIFY(!question->isReadOnly());
    QTest::keyClicks(question, QStringLiteral("er"));
    QTest::keyClick(question, Qt::Key_Escape);
    QCOMPARE(question->toPlainText(), QStringLiteral("brown"));
    QVERIFY(question->isReadOnly());
  }

  void anAnswerIsShownAsMarkdown() {
    MessageText text;
    const QString source = QStringLiteral(
        "**bold** word\nsecond line\n\n- one\n- two\n\n```\nx = 1\ny = 2\n```\n<b>tag</b> "
        "![](file:///etc/hostname)");
    text.showMarkdown(source);
    QCOMPARE(text.source(), source);
    const QString shown = text.toPlainText();
    QVERIFY2(shown.startsWith(QStringLiteral("bold word")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("x = 1\ny = 2")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("<b>tag</b>")), qPrintable(shown));
    const QString lines = QString(shown).replace(QChar::LineSeparator, QLatin1Char('\n'));
    QVERIFY2(lines.contains(QStringLiteral("word\nsecond line")), qPrintable(shown));
    text.setEditing(true);  // as it was written
    QCOMPARE(text.toPlainText(), source);
    QVERIFY(!text.textCursor().charFormat().font().bold());
  }

  void twoModelsAnswerTheSame() {
    QTest::mouseClick(named<QPushButton>("chatSecond"), Qt::LeftButton);
    QVERIFY(named<QWidget>("chatSide2")->isVisible());
    page_->select({QStringLiteral("plain"), QStringLiteral("talker")});
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    send(QStringLiteral("the quick"));
    QVERIFY(isDone());
    QCOMPARE(answer(0, 0).state, ChatAnswer::State::kDone);
    QCOMPARE(answer(0, 1).state, ChatAnswer::State::kDone);
    QCOMPARE(answer(0, 0).name, QStringLiteral("plain"));
    QCOMPARE(answer(0, 1).name, QStringLiteral("talker"));
    QCOMPARE(answer(0, 0).seed, answer(0, 1).seed);
    QVERIFY(answer(0, 0).text != answer(0, 1).text);
    QCOMPARE(messages("chatSide2").size(), 2);
    QVERIFY(page_->session().transcript(1).contains(answer(0, 1).text));
  }

  void aLateModelAnswersToo() {
    send(QStringLiteral("the quick"));
    QVERIFY(isDone());
    page_->select({QStringLiteral("plain"), QStringLiteral("talker")});
    auto* late = named<QPushButton>("chatLate2");
    QTRY_VERIFY_WITH_TIMEOUT(late->isVisible(), kPatience);
    const QString first = answer(0).text;
    QTest::mouseClick(late, Qt::LeftButton);
    QVERIFY(isDone());
    QCOMPARE(answer(0, 0).text, first);
    QVERIFY(!answer(0, 1).text.isEmpty());
    QVERIFY(!late->isVisible());
  }

  void everyControlHasANameAndIsReached() {
    page_->select({QStringLiteral("plain"), QStringLiteral("talker")});
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    QSet<QWidget*> controls;
    for (QWidget* widget : page_->findChildren<QWidget*>()) {
      if (!widget->isVisible() || !widget->isEnabled() || widget->focusPolicy() == Qt::NoFocus ||
          widget->focusProxy() != nullptr || widget->objectName().startsWith(QLatin1String("qt_")))
        continue;
      controls.insert(widget);
      const auto* seen = QAccessible::queryAccessibleInterface(widget);
      QVERIFY(seen != nullptr);
      QVERIFY2(!seen->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
    QVERIFY(controls.size() > 20);
    // Tab goes through the messages from the first to the last.
    QList<QWidget*> chain;
    for (QWidget* step = page_->nextInFocusChain(); step != page_.get();
         step = step->nextInFocusChain())
      chain.append(step);
    for (QWidget* control : controls) QVERIFY(chain.contains(control));
    const auto shown = messages();
    QVERIFY(chain.indexOf(shown[0]->findChild<MessageText*>()) <
            chain.indexOf(shown[1]->findChild<MessageText*>()));
    QVERIFY(chain.indexOf(shown[1]->findChild<MessageText*>()) <
            chain.indexOf(named<QPlainTextEdit>("chatInput")));
  }

  void whatWasClearedComesBack() {
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    QSignalSpy noticed(workbench_.get(), &Workbench::noticed);
    QTest::mouseClick(named<QPushButton>("chatClear"), Qt::LeftButton);
    QVERIFY(messages().isEmpty());
    QCOMPARE(noticed.count(), 1);
    noticed.first().first().value<Notice>().action();
    QCOMPARE(turns().size(), 1);
    QTRY_COMPARE(messages().size(), 2);
  }

  void aDamagedModelSaysWhy() {
    const auto place = workbench_->workspace().models() / "damaged";
    std::filesystem::copy(workbench_->workspace().models() / "plain", place,
                          std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(place / "model.safetensors", 1000);
    page_->select({QStringLiteral("damaged")});  // it is not known yet
    page_->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(page_->isSettled(), kPatience);
    QCOMPARE(named<QComboBox>("chatModel1")->currentText(), QStringLiteral("damaged"));
    send(QStringLiteral("the fox"));
    QVERIFY(isDone());
    QCOMPARE(answer(0).state, ChatAnswer::State::kFailed);
    QVERIFY(!answer(0).error->what.empty());
    // The conversation goes on with another model.
    page_->select({QStringLiteral("plain")});
    QTest::keyClick(named<QPlainTextEdit>("chatInput"), Qt::Key_R, Qt::ControlModifier);
    QVERIFY(isDone());
    QCOMPARE(answer(0).state, ChatAnswer::State::kDone);
  }
};

}  // namespace z2::ui

QTEST_MAIN(z2::ui::ChatPageTest)
#include "chat_page_test.moc"
