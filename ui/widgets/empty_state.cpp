#include "ui/widgets/empty_state.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"
#include "ui/widgets/icon.h"

namespace z2::ui {

namespace {

constexpr int kTextWidth = 460;
constexpr int kIconSize = 40;

}  // namespace

EmptyState::EmptyState(const QString& icon, QWidget* parent)
    : QWidget(parent),
      iconName_(icon),
      icon_(child<QLabel>(this)),
      title_(child<QLabel>(this)),
      text_(child<QLabel>(this)),
      primary_(child<QPushButton>(this)),
      other_(child<QPushButton>(this)) {
  title_->setProperty("role", QStringLiteral("heading"));
  text_->setProperty("role", QStringLiteral("lead"));
  primary_->setProperty("role", QStringLiteral("primary"));
  other_->setProperty("role", QStringLiteral("quiet"));
  text_->setWordWrap(true);
  text_->setAlignment(Qt::AlignHCenter);
  text_->setFixedWidth(kTextWidth);
  auto* column = child<QVBoxLayout>(this);
  column->setSpacing(spacing::kGrid);
  column->addStretch(2);
  column->addWidget(icon_, 0, Qt::AlignHCenter);
  column->addWidget(title_, 0, Qt::AlignHCenter);
  column->addWidget(text_, 0, Qt::AlignHCenter);
  column->addSpacing(spacing::kGrid);
  auto* buttons = child<QHBoxLayout>();
  buttons->addStretch();
  buttons->addWidget(primary_);
  buttons->addWidget(other_);
  buttons->addStretch();
  column->addLayout(buttons);
  column->addStretch(3);
  connect(primary_, &QPushButton::clicked, this, &EmptyState::chosen);
  connect(other_, &QPushButton::clicked, this, &EmptyState::otherChosen);
  drawIcon();
}

void EmptyState::setTexts(const QString& title, const QString& text, const QString& action,
                          const QString& other) {
  title_->setText(title);
  text_->setText(text);
  text_->setMinimumHeight(text_->heightForWidth(kTextWidth));
  primary_->setText(action);
  primary_->setVisible(!action.isEmpty());
  other_->setText(other);
  other_->setVisible(!other.isEmpty());
}

void EmptyState::drawIcon() {
  const QSize size(kIconSize, kIconSize);
  icon_->setPixmap(lineIcon(iconName_).pixmap(size, devicePixelRatioF()));
}

void EmptyState::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) drawIcon();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
