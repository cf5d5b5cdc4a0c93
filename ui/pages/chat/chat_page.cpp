#include "ui/pages/chat/chat_page.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/pages/chat/base_model.h"
#include "ui/pages/chat/chat_column.h"
#include "ui/pages/chat/message_input.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/sampling_form.h"
#include "ui/widgets/segment_button.h"

namespace z2::ui {

namespace {

constexpr int kPanelWidth = 232;
constexpr int kLine = 776;  // the input is as wide as the messages
constexpr int kSystemHeight = 96;
constexpr int kLongest = 256;  // tokens of an answer

const QString kPanelKey = QStringLiteral("chat/settings");

}  // namespace

ChatPage::ChatPage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      session_(child<ChatSession>(this)),
      second_(child<SegmentButton>(this)),
      tokens_(child<SegmentButton>(this)),
      settings_(child<SegmentButton>(this)),
      copy_(child<QPushButton>(this)),
      clear_(child<QPushButton>(this)),
      views_(child<QStackedWidget>(inside())),
      whole_(child<QWidget>(views_)) {
  setObjectName(QStringLiteral("chatPage"));
  second_->setObjectName(QStringLiteral("chatSecond"));
  tokens_->setObjectName(QStringLiteral("chatTokensShown"));
  settings_->setObjectName(QStringLiteral("chatSettings"));
  copy_->setObjectName(QStringLiteral("chatCopy"));
  clear_->setObjectName(QStringLiteral("chatClear"));
  for (QPushButton* button : {copy_, clear_, tokens_, second_, settings_}) addToHeader(button);
  settings_->setChecked(workbench.settings().value(kPanelKey, true).toBool());
  auto* row = child<QHBoxLayout>(whole_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kPage);
  row->addWidget(makeTalk(), 1);
  views_->addWidget(whole_);  // until it is known that there is no model
  body()->addWidget(views_, 1);
  setFocusProxy(input_);
  stopKey_ = child<QShortcut>(QKeySequence(Qt::Key_Escape), this);
  againKey_ = child<QShortcut>(QKeySequence(QStringLiteral("Ctrl+R")), this);
  for (QShortcut* key : {stopKey_, againKey_}) key->setContext(Qt::WidgetWithChildrenShortcut);
  columns_[0]->setActive(true);
  setSecond(false);
  showBusy();
  bind();
  parts().add([this] { makeSettings(); });
  parts().add([this] {
    empty_ = child<EmptyState>(QStringLiteral("chat"), views_);
    views_->addWidget(empty_);
    connect(empty_, &EmptyState::chosen, this, [this] { this->workbench().open(PageId::kRuns); });
    connect(empty_, &EmptyState::otherChosen, this,
            [this] { this->workbench().open(PageId::kModels); });
    sayEmpty();
  });
}

QWidget* ChatPage::makeTalk() {
  auto* talk = child<QWidget>(whole_);
  auto* column = child<QVBoxLayout>(talk);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  auto* sides = child<QHBoxLayout>();
  sides->setSpacing(spacing::kPage);
  for (size_t side = 0; side < kChatSides; ++side) {
    columns_.at(side) = child<ChatColumn>(*session_, side, talk);
    sides->addWidget(columns_.at(side), 1);
  }
  column->addLayout(sides, 1);
  auto* line = child<QHBoxLayout>();
  field_ = child<QWidget>(talk);
  auto* inner = child<QHBoxLayout>(field_);
  inner->setContentsMargins(spacing::kGrid, 0, spacing::kGrid, 0);
  input_ = child<MessageInput>(field_);
  input_->setObjectName(QStringLiteral("chatInput"));
  send_ = child<QPushButton>(field_);
  send_->setObjectName(QStringLiteral("chatSend"));
  send_->setProperty("role", QStringLiteral("primary"));
  stop_ = child<QPushButton>(field_);
  stop_->setObjectName(QStringLiteral("chatStop"));
  inner->addWidget(input_, 1);
  inner->addWidget(send_, 0, Qt::AlignBottom);
  inner->addWidget(stop_, 0, Qt::AlignBottom);
  line->addStretch(1);
  line->addWidget(field_, 1000);
  line->addStretch(1);
  column->addLayout(line);
  return talk;
}

void ChatPage::makeSettings() {
  auto* scroll = child<QScrollArea>(whole_);
  panel_ = scroll;
  if (!settings_->isChecked()) panel_->hide();
  scroll->setFixedWidth(kPanelWidth);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* inner = child<QWidget>(scroll->viewport());
  auto* column = child<QVBoxLayout>(inner);
  column->setContentsMargins(0, 0, spacing::kGrid, 0);
  column->setSpacing(spacing::kInside);
  systemLabel_ = child<QLabel>(inner);
  systemLabel_->setProperty("role", QStringLiteral("secondary"));
  system_ = child<QPlainTextEdit>(inner);
  system_->setObjectName(QStringLiteral("chatSystem"));
  system_->setTabChangesFocus(true);
  system_->setFixedHeight(kSystemHeight);
  systemLabel_->setBuddy(system_);
  sampling_ =
      child<SamplingForm>(SamplingForm::Shape::kColumn, QStringLiteral("chat"), kLongest, inner);
  column->addWidget(systemLabel_);
  column->addWidget(system_);
  column->addSpacing(spacing::kGrid);
  column->addWidget(sampling_);
  column->addStretch();
  scroll->setWidget(inner);
  whole_->layout()->addWidget(panel_);
  connect(sampling_, &SamplingForm::changed, this, &ChatPage::tellSettings);
  connect(system_, &QPlainTextEdit::textChanged, this, &ChatPage::tellSettings);
  saySettings();
  tellSettings();
}

void ChatPage::bind() {
  connect(second_, &QPushButton::toggled, this, &ChatPage::showSecond);
  connect(tokens_, &QPushButton::toggled, this, [this](bool isOn) {
    for (ChatColumn* column : columns_) column->setShowsTokens(isOn);
  });
  connect(settings_, &QPushButton::toggled, this, [this](bool isOn) {
    if (panel_ != nullptr) panel_->setVisible(isOn);
    workbench().settings().setValue(kPanelKey, isOn);
  });
  connect(copy_, &QPushButton::clicked, this, [this] {
    QString text = session_->transcript(0);
    if (second_->isChecked()) text += QStringLiteral("\n\n———\n\n") + session_->transcript(1);
    QApplication::clipboard()->setText(text);
  });
  connect(clear_, &QPushButton::clicked, this, &ChatPage::clear);
  connect(input_, &MessageInput::submitted, this, &ChatPage::send);
  connect(input_, &MessageInput::textChanged, this, &ChatPage::showBusy);
  connect(input_, &MessageInput::lastWanted, this, [this] { columns_[0]->editLastQuestion(); });
  connect(send_, &QPushButton::clicked, this, &ChatPage::send);
  connect(stop_, &QPushButton::clicked, session_, &ChatSession::stop);
  connect(stopKey_, &QShortcut::activated, session_, &ChatSession::stop);
  connect(againKey_, &QShortcut::activated, session_, &ChatSession::answerAgain);
  connect(session_, &ChatSession::busyChanged, this, &ChatPage::showBusy);
  connect(session_, &ChatSession::turnsChanged, this, &ChatPage::showBusy);
  for (ChatColumn* column : columns_)
    connect(column, &ChatColumn::partnerChanged, this, &ChatPage::showBusy);
  // A run's new checkpoint is a new model.
  connect(&workbench().runs(), &RunWatcher::checkpointsChanged, this, [this] {
    if (isVisible()) reload();
  });
}

void ChatPage::select(const QStringList& names) {
  wanted_ = names;
  chooseWanted();
}

bool ChatPage::isSettled() const {
  return Page::isSettled() && asked_ > 0 && asked_ == shown_ && !session_->isBusy() &&
         std::all_of(columns_.begin(), columns_.end(),
                     [](const ChatColumn* column) { return column->isSettled(); });
}

void ChatPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  reload();
}

void ChatPage::reload() {
  const int number = ++asked_;
  inBackground(
      this, [workspace = workbench().workspace().folder()] { return readModels(workspace); },
      [this, number](const QList<ModelSummary>& models) {
        parts().whenBuilt([this, number, models] {
          if (number != asked_) return;
          takeModels(models);
          shown_ = number;
        });
      });
}

void ChatPage::takeModels(const QList<ModelSummary>& models) {
  models_ = models;
  for (ChatColumn* column : columns_) column->setModels(models);
  const bool isEmpty = columns_[0]->chosen().isEmpty();
  views_->setCurrentWidget(isEmpty ? empty_ : whole_);
  for (QPushButton* button : {second_, tokens_, settings_, copy_, clear_})
    button->setVisible(!isEmpty);
  chooseWanted();
  showBusy();
}

void ChatPage::chooseWanted() {
  if (wanted_.isEmpty() || models_.isEmpty()) return;
  if (!columns_[0]->choose(wanted_.front())) return;  // it may come with the next reading
  const QStringList wanted = std::exchange(wanted_, {});
  if (wanted.size() < 2) return;
  columns_[1]->choose(wanted.at(1));
  const QSignalBlocker quiet(second_);
  second_->setChecked(true);
  setSecond(true);
}

void ChatPage::showSecond(bool isShown) {
  setSecond(isShown);
  if (isShown) chooseBase();
}

void ChatPage::setSecond(bool isActive) {
  columns_[1]->setActive(isActive);
  // One model's messages are as wide as a line is easy to read; two take what there is.
  field_->setMaximumWidth(isActive ? QWIDGETSIZE_MAX : kLine);
}

// Beside a fine-tuned model, the one that it was made from.
void ChatPage::chooseBase() {
  inBackground(
      this,
      [models = models_, key = columns_[0]->chosen()] { return comparableModel(models, key); },
      [this, before = columns_[1]->chosen()](const QString& key) {
        // What was chosen meanwhile stays.
        if (!key.isEmpty() && !session_->isBusy() && columns_[1]->chosen() == before)
          columns_[1]->choose(key);
      });
}

void ChatPage::tellSettings() {
  GenerationOptions options;
  sampling_->fill(options);
  session_->setOptions(options);
  session_->setSystem(system_->toPlainText());
}

void ChatPage::send() {
  const QString text = input_->toPlainText().trimmed();
  if (text.isEmpty() || !send_->isEnabled() || session_->isBusy()) return;
  input_->clear();
  session_->ask(text);
}

void ChatPage::clear() {
  std::vector<ChatTurn> before = session_->turns();
  session_->setTurns({});
  input_->setFocus(Qt::OtherFocusReason);
  workbench().notify({.kind = Notice::Kind::kGood,
                      .what = tr("The conversation was cleared"),
                      .meaning = {},
                      .remedy = {},
                      .actionText = tr("Undo"),
                      .action = [session = QPointer(session_), before = std::move(before)] {
                        if (session != nullptr && session->turns().empty())
                          session->setTurns(before);
                      }});
}

void ChatPage::showBusy() {
  const bool isBusy = session_->isBusy();
  const bool isReady = !session_->partner(0).model.empty();
  const bool hasTurns = !session_->turns().empty();
  send_->setVisible(!isBusy);
  send_->setEnabled(isReady && !input_->toPlainText().trimmed().isEmpty());
  stop_->setVisible(isBusy);
  stopKey_->setEnabled(isBusy);
  againKey_->setEnabled(!isBusy && hasTurns);
  copy_->setEnabled(hasTurns);
  clear_->setEnabled(hasTurns && !isBusy);
  second_->setEnabled(!isBusy && models_.size() > 1);
}

void ChatPage::retranslate() {
  setTitle(tr("Chat"));
  second_->setText(tr("Two models"));
  second_->setToolTip(tr("Asks a second model the same, with the same seed, side by side"));
  tokens_->setText(tr("Tokens"));
  tokens_->setToolTip(tr("Every token of the last answer, as the template wrote the prompt"));
  settings_->setText(tr("Settings"));
  settings_->setToolTip(tr("System prompt and sampling, at the right"));
  copy_->setText(tr("Copy all"));
  copy_->setToolTip(tr("The whole conversation as text"));
  clear_->setText(tr("Clear"));
  clear_->setToolTip(tr("Begins a new conversation"));
  input_->setPlaceholderText(tr("Message: Enter sends it, Shift+Enter begins a new line"));
  input_->setAccessibleName(tr("Message"));
  send_->setText(tr("Send"));
  stop_->setText(tr("Stop"));
  stop_->setToolTip(tr("Ends the answer; what was written stays (Esc)"));
  if (system_ != nullptr) saySettings();
  if (empty_ != nullptr) sayEmpty();
}

void ChatPage::saySettings() {
  systemLabel_->setText(tr("System prompt"));
  system_->setAccessibleName(tr("System prompt"));
  system_->setPlaceholderText(tr("Tells the model how to be. Empty: none."));
}

void ChatPage::sayEmpty() {
  empty_->setTexts(
      tr("Nobody to talk with yet"),
      tr("Every checkpoint of a run and every imported model can be talked with. Train "
         "a model on the Runs page, or import one on the Models page."),
      tr("Go to Runs"), tr("Go to Models"));
}

}  // namespace z2::ui
