#include "ui/widgets/notice_banner.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

constexpr int kGoodNewsMs = 8000;
constexpr int kUndoMs = 30'000;  // good news with a button: time to think again
constexpr int kMaxWaiting = 20;

QString kindName(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kGood:
      return QStringLiteral("good");
    case Notice::Kind::kWarning:
      return QStringLiteral("warning");
    case Notice::Kind::kError:
      break;
  }
  return QStringLiteral("error");
}

IconTone toneOf(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kGood:
      return IconTone::kGood;
    case Notice::Kind::kWarning:
      return IconTone::kWarning;
    case Notice::Kind::kError:
      break;
  }
  return IconTone::kFailed;
}

QLabel* textLabel(QWidget* parent) {
  auto* label = child<QLabel>(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

NoticeBanner::NoticeBanner(QWidget* parent)
    : QFrame(parent),
      icon_(child<QLabel>(this)),
      what_(textLabel(this)),
      rest_(textLabel(this)),
      more_(child<QLabel>(this)),
      action_(child<QPushButton>(this)),
      close_(child<QPushButton>(this)),
      leave_(child<QTimer>(this)) {
  setObjectName(QStringLiteral("banner"));
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(spacing::kPage, spacing::kGrid, spacing::kGrid, spacing::kGrid);
  row->setSpacing(spacing::kGrid);
  row->addWidget(icon_, 0, Qt::AlignTop);
  auto* texts = child<QVBoxLayout>();
  texts->setSpacing(2);
  what_->setProperty("role", QStringLiteral("strong"));
  texts->addWidget(what_);
  texts->addWidget(rest_);
  row->addLayout(texts, 1);
  more_->setProperty("role", QStringLiteral("secondary"));
  row->addWidget(more_);
  row->addWidget(action_);
  action_->setObjectName(QStringLiteral("bannerAction"));
  close_->setProperty("role", QStringLiteral("quiet"));
  close_->setIcon(lineIcon(QStringLiteral("close")));
  row->addWidget(close_);
  leave_->setSingleShot(true);
  connect(leave_, &QTimer::timeout, this, &NoticeBanner::dismiss);
  connect(close_, &QPushButton::clicked, this, &NoticeBanner::dismiss);
  connect(action_, &QPushButton::clicked, this, &NoticeBanner::act);
  hide();
}

void NoticeBanner::show(const Notice& notice) {
  waiting_.removeIf([&](const Notice& other) {
    return other.what == notice.what && other.meaning == notice.meaning;
  });
  waiting_.append(notice);
  if (waiting_.size() > kMaxWaiting) waiting_.removeFirst();
  present();
}

void NoticeBanner::dismiss() {
  if (!waiting_.isEmpty()) waiting_.removeLast();
  present();
}

void NoticeBanner::act() {
  if (waiting_.isEmpty()) return;
  const auto action = waiting_.last().action;
  dismiss();
  if (action) action();
}

void NoticeBanner::present() {
  leave_->stop();
  if (waiting_.isEmpty()) {
    hide();
    return;
  }
  const Notice& notice = waiting_.last();
  setProperty("kind", kindName(notice.kind));
  style()->unpolish(this);  // the property decides the colours
  style()->polish(this);
  icon_->setPixmap(lineIcon(kindName(notice.kind), toneOf(notice.kind)).pixmap(20, 20));
  what_->setText(notice.what);
  QStringList rest = {notice.meaning, notice.remedy};
  rest.removeAll(QString());
  rest_->setText(rest.join(QLatin1Char('\n')));
  rest_->setVisible(!rest.isEmpty());
  action_->setText(notice.actionText);
  action_->setVisible(!notice.actionText.isEmpty());
  more_->setText(tr("%n more", nullptr, static_cast<int>(waiting_.size()) - 1));
  more_->setVisible(waiting_.size() > 1);
  close_->setToolTip(tr("Dismiss (Esc)"));
  close_->setAccessibleName(tr("Dismiss"));
  setAccessibleName(tr("Message"));
  setAccessibleDescription(notice.what);
  if (notice.kind == Notice::Kind::kGood)
    leave_->start(action_->isVisibleTo(this) ? kUndoMs : kGoodNewsMs);
  QFrame::show();
}

void NoticeBanner::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
    if (!waiting_.isEmpty())
      QMetaObject::invokeMethod(this, &NoticeBanner::present, Qt::QueuedConnection);
  QFrame::changeEvent(event);
}

void NoticeBanner::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape)
    dismiss();
  else
    QFrame::keyPressEvent(event);
}

}  // namespace z2::ui
