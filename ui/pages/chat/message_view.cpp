#include "ui/pages/chat/message_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/notice.h"
#include "ui/pages/chat/message_text.h"
#include "ui/services/generation_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

constexpr int kPadding = 10;  // of the bubble, at the left and the right
constexpr int kRadius = 6;
constexpr double kUserShare = 0.85;  // of the width

}  // namespace

// Draws what lies behind the text, and the focus around it.
class MessageView::Bubble : public QWidget {
 public:
  Bubble(Speaker speaker, QWidget* parent) : QWidget(parent), speaker_(speaker) {}
  void setText(const MessageText* text) { text_ = text; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& c = colors();
    const bool isUser = speaker_ == Speaker::kUser;
    const bool isFocused = text_ != nullptr && text_->hasFocus();
    painter.setBrush(isUser ? mixed(c.surface, c.accent, c.isDark ? 0.22 : 0.12) : c.surface);
    painter.setPen(isFocused ? QPen(c.accent, 1) : isUser ? QPen(Qt::NoPen) : QPen(c.border, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
  }

 private:
  const Speaker speaker_;
  const MessageText* text_ = nullptr;
};

MessageView::MessageView(Speaker speaker, QWidget* parent)
    : QWidget(parent),
      speaker_(speaker),
      name_(child<QLabel>(this)),
      bubble_(child<Bubble>(speaker, this)),
      text_(child<MessageText>(bubble_)),
      state_(child<QLabel>(this)),
      actions_(child<QHBoxLayout>()),
      edit_(addButton("messageEdit", QStringLiteral("rename"))),
      copy_(addButton("messageCopy", QStringLiteral("copy"))),
      again_(addButton("messageAgain", QStringLiteral("again"))),
      cancel_(child<QPushButton>(this)),
      keep_(child<QPushButton>(this)) {
  bubble_->setText(text_);
  bubble_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  const bool isUser = speaker == Speaker::kUser;
  name_->setProperty("role", QStringLiteral("secondary"));
  name_->setVisible(!isUser);
  state_->setWordWrap(true);
  keep_->setProperty("role", QStringLiteral("primary"));
  keep_->setObjectName(QStringLiteral("messageKeep"));
  auto* inner = child<QVBoxLayout>(bubble_);
  inner->setContentsMargins(kPadding, 8, kPadding, 8);
  inner->addWidget(text_);
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(name_);
  if (isUser)
    column->addWidget(bubble_, 0, Qt::AlignRight);
  else
    column->addWidget(bubble_);
  actions_->setContentsMargins(0, 0, 0, 0);
  actions_->setSpacing(2);
  actions_->insertWidget(0, state_, 1);
  for (QPushButton* button : {cancel_, keep_}) actions_->addWidget(button);
  column->addLayout(actions_);
  connect(text_, &MessageText::focusMoved, bubble_, qOverload<>(&QWidget::update));
  connect(text_, &MessageText::submitted, this, [this] { endEditing(true); });
  connect(text_, &MessageText::cancelled, this, [this] { endEditing(false); });
  connect(keep_, &QPushButton::clicked, this, [this] { endEditing(true); });
  connect(cancel_, &QPushButton::clicked, this, [this] { endEditing(false); });
  connect(edit_, &QPushButton::clicked, this, &MessageView::edit);
  connect(again_, &QPushButton::clicked, this, &MessageView::againWanted);
  connect(copy_, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(text_->source()); });
  retranslate();
  showButtons();
}

QPushButton* MessageView::addButton(const char* name, const QString& icon) {
  auto* button = child<QPushButton>(this);
  button->setObjectName(QLatin1String(name));
  button->setProperty("role", QStringLiteral("icon"));
  button->setIcon(lineIcon(icon));
  button->setIconSize({16, 16});
  actions_->addWidget(button);
  return button;
}

void MessageView::showQuestion(const QString& text) {
  if (!isEditing_) text_->showText(text);
}

void MessageView::showAnswer(const ChatAnswer& answer, bool isBorrowed) {
  answer_ = {.state = answer.state,
             .name = answer.name,
             .text = {},
             .seed = answer.seed,
             .end = answer.end,
             .error = answer.error,
             .isEdited = answer.isEdited};
  answer_.prompt.isShortened = answer.prompt.isShortened;
  isBorrowed_ = isBorrowed;
  // What is still being written is no whole Markdown yet.
  if (!isEditing_ && answer.state == ChatAnswer::State::kDone)
    text_->showMarkdown(answer.text);
  else if (!isEditing_)
    text_->showText(answer.text);
  name_->setText(isBorrowed ? tr("%1 (the other model)").arg(answer.name) : answer.name);
  text_->setAccessibleName(name_->text());
  state_->setProperty("role", answer.state == ChatAnswer::State::kFailed
                                  ? QStringLiteral("problem")
                                  : QStringLiteral("secondary"));
  state_->style()->unpolish(state_);
  state_->style()->polish(state_);
  state_->setText(stateText());
  showButtons();
}

QString MessageView::stateText() const {
  switch (answer_.state) {
    case ChatAnswer::State::kNone:
      return {};
    case ChatAnswer::State::kWaiting:
      return tr("Waits until the other model is done, so that neither slows the other");
    case ChatAnswer::State::kLoading:
      return tr("Loading the model…");
    case ChatAnswer::State::kWriting:
      return tr("Writing…");
    case ChatAnswer::State::kFailed: {
      const Notice notice = noticeOf(answer_.error.value_or(Error{}), {});
      return notice.remedy.isEmpty() ? notice.what
                                     : notice.what + QStringLiteral(" · ") + notice.remedy;
    }
    case ChatAnswer::State::kDone:
      break;
  }
  if (answer_.isEdited) return tr("written by you");
  QStringList parts = {endText(answer_.end)};
  if (answer_.end.tokens > 0) parts << tr("seed %1").arg(answer_.seed);
  if (answer_.prompt.isShortened) parts << tr("the oldest messages did not fit and were left out");
  return parts.join(QStringLiteral(" · "));
}

void MessageView::setBusy(bool isBusy) {
  isBusy_ = isBusy;
  if (isBusy) endEditing(false);
  showButtons();
}

void MessageView::setLast(bool isLast) {
  isLast_ = isLast;
  showButtons();
}

void MessageView::setWidest(int width) {
  if (speaker_ == Speaker::kUser)
    text_->setWidest(static_cast<int>(width * kUserShare) - 2 * kPadding);
}

void MessageView::showButtons() {
  const bool isModel = speaker_ == Speaker::kModel;
  const bool isThere = !isModel || answer_.state == ChatAnswer::State::kDone;
  // An answer that comes shows its first words before there is a bubble.
  bubble_->setVisible(!isModel || isEditing_ || !text_->toPlainText().isEmpty());
  edit_->setVisible(!isEditing_ && isThere && !isBorrowed_);
  edit_->setEnabled(!isBusy_);
  copy_->setVisible(!isEditing_ && isThere);
  again_->setVisible(isModel && isLast_ && !isEditing_ && !isBorrowed_ &&
                     (isThere || answer_.state == ChatAnswer::State::kFailed));
  again_->setEnabled(!isBusy_);
  cancel_->setVisible(isEditing_);
  keep_->setVisible(isEditing_);
}

void MessageView::edit() {
  if (isBusy_ || isEditing_) return;
  isEditing_ = true;
  before_ = text_->source();
  showButtons();
  text_->setEditing(true);
}

void MessageView::endEditing(bool isKept) {
  if (!isEditing_) return;
  const QString text = text_->toPlainText().trimmed();
  if (isKept && text.isEmpty()) return;
  isEditing_ = false;
  text_->setEditing(false);
  if (!isKept && speaker_ == Speaker::kModel)
    text_->showMarkdown(before_);
  else if (!isKept)
    text_->showText(before_);
  showButtons();
  text_->setFocus(Qt::OtherFocusReason);
  if (isKept) Q_EMIT edited(text);
}

QWidget* MessageView::chainBehind(QWidget* before) {
  for (QWidget* widget :
       std::initializer_list<QWidget*>{text_, edit_, copy_, again_, cancel_, keep_}) {
    QWidget::setTabOrder(before, widget);
    before = widget;
  }
  return before;
}

void MessageView::retranslate() {
  const bool isUser = speaker_ == Speaker::kUser;
  edit_->setToolTip(isUser ? tr("Edit, and go on from here") : tr("Rewrite, and go on from here"));
  copy_->setToolTip(tr("Copy"));
  again_->setToolTip(tr("Answer again, with the next seed (Ctrl+R)"));
  for (QPushButton* button : {edit_, copy_, again_}) button->setAccessibleName(button->toolTip());
  cancel_->setText(tr("Cancel"));
  keep_->setText(isUser ? tr("Send") : tr("Keep"));
  if (isUser) text_->setAccessibleName(tr("You"));
  if (!isUser) state_->setText(stateText());
}

void MessageView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
