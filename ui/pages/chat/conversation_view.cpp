#include "ui/pages/chat/conversation_view.h"

#include <algorithm>

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/pages/chat/message_view.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kLine = 760;  // a longer line is hard to read

}  // namespace

ConversationView::ConversationView(ChatSession& session, size_t side, QWidget* parent)
    : QScrollArea(parent),
      session_(session),
      side_(side),
      inner_(child<QWidget>(viewport())),
      column_(child<QVBoxLayout>(inner_)),
      hint_(child<QLabel>(inner_)) {
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::NoFocus);  // its messages take the keys
  setWidget(inner_);
  hint_->setProperty("role", QStringLiteral("lead"));
  hint_->setWordWrap(true);
  hint_->setAlignment(Qt::AlignCenter);
  column_->setSpacing(spacing::kPage);
  column_->addWidget(hint_, 1000);
  column_->addStretch(1);  // the messages are as high as they are
  connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
    if (isAtEnd_) verticalScrollBar()->setValue(most);
  });
  connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
    isAtEnd_ = value >= verticalScrollBar()->maximum() - spacing::kGrid;
  });
}

void ConversationView::setHint(const QString& text) { hint_->setText(text); }

void ConversationView::showTurns() {
  const size_t count = session_.turns().size();
  while (turns_.size() > count) {
    for (MessageView* message : {turns_.back().question, turns_.back().answer}) {
      message->hide();
      message->deleteLater();
    }
    turns_.pop_back();
  }
  const bool isNew = turns_.size() < count;
  while (turns_.size() < count) addTurn();
  hint_->setVisible(count == 0);
  for (size_t i = 0; i < count; ++i) {
    turns_[i].question->showQuestion(session_.turns()[i].question);
    turns_[i].answer->setLast(i + 1 == count);
    showAnswer(i);
  }
  fit();
  if (isNew) isAtEnd_ = true;
}

void ConversationView::addTurn() {
  const size_t number = turns_.size();
  Shown shown{.question = child<MessageView>(MessageView::Speaker::kUser, inner_),
              .answer = child<MessageView>(MessageView::Speaker::kModel, inner_)};
  for (MessageView* message : {shown.question, shown.answer}) {
    message->setBusy(session_.isBusy());
    column_->insertWidget(column_->count() - 1, message);
  }
  connect(shown.question, &MessageView::edited, &session_,
          [this, number](const QString& text) { session_.editQuestion(number, text); });
  connect(shown.answer, &MessageView::edited, &session_,
          [this, number](const QString& text) { session_.editAnswer(number, side_, text); });
  connect(shown.answer, &MessageView::againWanted, &session_, &ChatSession::answerAgain);
  if (before_ != nullptr)
    shown.last = shown.answer->chainBehind(
        shown.question->chainBehind(turns_.empty() ? before_ : turns_.back().last));
  turns_.push_back(shown);
}

void ConversationView::showAnswer(size_t turn) {
  if (turn >= turns_.size()) return;
  const ChatTurn& shown = session_.turns()[turn];
  const ChatAnswer& answer = ChatSession::toldAnswer(shown, side_);
  turns_[turn].answer->showAnswer(answer, &answer != &shown.answers.at(side_));
}

void ConversationView::setBusy(bool isBusy) {
  for (const Shown& shown : turns_)
    for (MessageView* message : {shown.question, shown.answer}) message->setBusy(isBusy);
}

void ConversationView::editLastQuestion() {
  if (!turns_.empty()) turns_.back().question->edit();
}

void ConversationView::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  fit();
}

void ConversationView::fit() {
  const int room = viewport()->width();
  const int margin = std::max(spacing::kGrid, (room - kLine) / 2);
  column_->setContentsMargins(margin, spacing::kGrid, margin, spacing::kGrid);
  for (const Shown& shown : turns_)
    for (MessageView* message : {shown.question, shown.answer})
      message->setWidest(room - 2 * margin);
}

}  // namespace z2::ui
