#include "ui/pages/chat/chat_column.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/pages/chat/conversation_view.h"
#include "ui/pages/chat/token_view.h"
#include "ui/pages/library/template_choice.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choice_box.h"

namespace z2::ui {

namespace {

constexpr int kChoiceWidth = 380;
constexpr int kLeastWidth = 240;
constexpr int kWidthForBoth = 340;

}  // namespace

ChatColumn::ChatColumn(ChatSession& session, size_t side, QWidget* parent)
    : QWidget(parent),
      session_(session),
      side_(side),
      who_(child<QBoxLayout>(QBoxLayout::LeftToRight)),
      model_(child<ChoiceBox>(this)),
      template_(child<TemplateChoice>(TemplateChoice::Use::kConversation, this)),
      note_(child<QLabel>(this)),
      late_(child<QPushButton>(this)),
      views_(child<QStackedWidget>(this)),
      conversation_(child<ConversationView>(session, side, views_)),
      tokens_(child<TokenView>(views_)) {
  const QString number = QString::number(side + 1);
  setObjectName(QStringLiteral("chatSide") + number);
  model_->setObjectName(QStringLiteral("chatModel") + number);
  template_->setObjectName(QStringLiteral("chatTemplate") + number);
  note_->setObjectName(QStringLiteral("chatNote") + number);
  late_->setObjectName(QStringLiteral("chatLate") + number);
  model_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  model_->setMinimumContentsLength(14);
  model_->setMaximumWidth(kChoiceWidth);
  template_->setMaximumWidth(kChoiceWidth);
  note_->setProperty("role", QStringLiteral("secondary"));
  note_->setWordWrap(true);
  setMinimumWidth(kLeastWidth);  // else the side that has its choices in a row is the wider one
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  who_->addWidget(model_, 1);
  who_->addWidget(template_, 1);
  who_->addStretch();
  column->addLayout(who_);
  column->addWidget(note_);
  views_->addWidget(conversation_);
  views_->addWidget(tokens_);
  column->addWidget(views_, 1);
  column->addWidget(late_, 0, Qt::AlignLeft);
  late_->hide();
  conversation_->setTabBefore(template_);
  connect(model_, &QComboBox::currentIndexChanged, this, &ChatColumn::tellPartner);
  connect(template_, &TemplateChoice::decided, this, &ChatColumn::tellPartner);
  connect(late_, &QPushButton::clicked, this, [this] { session_.answerBy(side_); });
  connect(&session, &ChatSession::turnsChanged, this, [this] {
    conversation_->showTurns();
    showTokens();
    showLate();
  });
  connect(&session, &ChatSession::answerChanged, this, [this](size_t turn, size_t answered) {
    // The other side's answer may stand for one that this side does not have.
    conversation_->showAnswer(turn);
    if (answered == side_) showTokens();
  });
  connect(&session, &ChatSession::busyChanged, this, [this](bool isBusy) {
    conversation_->setBusy(isBusy);
    model_->setEnabled(!isBusy);
    template_->setEnabled(!isBusy);
    showLate();
  });
  retranslate();
}

void ChatColumn::setModels(const QList<ModelSummary>& models) {
  const QString before = chosen();
  models_.clear();
  {
    const QSignalBlocker quiet(model_);
    model_->clear();
    for (const ModelSummary& model : models) {
      if (!model.description) continue;
      models_.append(model);
      model_->addItem(model.title, model.key);
    }
    model_->setCurrentIndex(std::max(0, model_->findData(before)));
  }
  tellPartner();
}

bool ChatColumn::choose(const QString& key) {
  int found = model_->findData(key);
  for (int i = 0; found < 0 && i < model_->count(); ++i)
    if (model_->itemData(i).toString().startsWith(key + QLatin1Char('/'))) found = i;
  if (found >= 0) model_->setCurrentIndex(found);
  return found >= 0;
}

QString ChatColumn::chosen() const { return model_->currentData().toString(); }

const ModelSummary* ChatColumn::current() const {
  const QString key = chosen();
  for (const ModelSummary& model : models_)
    if (model.key == key) return &model;
  return nullptr;
}

void ChatColumn::setActive(bool isActive) {
  isActive_ = isActive;
  setVisible(isActive);
  tellPartner();
}

void ChatColumn::tellPartner() {
  const ModelSummary* model = current();
  ChatPartner partner;
  if (model != nullptr) template_->setModel(model->path);
  if (model != nullptr && isActive_)
    partner = {
        .model = model->path.native(), .name = model->title, .chatTemplate = template_->choice()};
  session_.setPartner(side_, partner);
  QString note;
  if (model != nullptr && !model->description->tokenizer)
    note = tr("⚠ Nothing says which tokenizer this model was trained with: it cannot read text.");
  else if (template_->isNone())
    note =
        tr("⚠ This model has no chat template: it was trained to continue text, not to answer. "
           "The conversation is written as plain text, “User: …” and “Assistant: …”. If it was "
           "trained with a template, choose that one.");
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
  conversation_->setHint(model == nullptr
                             ? QString()
                             : tr("Write a message below, and %1 answers.").arg(model->title));
  showLate();
  Q_EMIT partnerChanged();
}

void ChatColumn::setShowsTokens(bool showsTokens) {
  views_->setCurrentIndex(showsTokens ? 1 : 0);
  showTokens();
}

void ChatColumn::showTokens() {
  if (views_->currentIndex() != 1) return;
  const std::vector<ChatTurn>& turns = session_.turns();
  tokens_->showAnswer(turns.empty() ? nullptr : &turns.back().answers.at(side_));
}

// A model that came later can answer the last question too.
void ChatColumn::showLate() {
  const std::vector<ChatTurn>& turns = session_.turns();
  late_->setVisible(isActive_ && !session_.isBusy() && !turns.empty() &&
                    turns.back().answers.at(side_).state == ChatAnswer::State::kNone);
}

void ChatColumn::editLastQuestion() { conversation_->editLastQuestion(); }

void ChatColumn::resizeEvent(QResizeEvent* event) {
  // Side by side where both can be read.
  const bool isNarrow = width() < kWidthForBoth;
  who_->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  QWidget::resizeEvent(event);
}

bool ChatColumn::isSettled() const { return !isActive_ || template_->isKnown(); }

void ChatColumn::retranslate() {
  const QString name = side_ == 0 ? tr("Model") : tr("Second model");
  model_->setAccessibleName(name);
  model_->setToolTip(name);
  late_->setText(tr("Let this model answer the last message too"));
  tellPartner();
}

void ChatColumn::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
