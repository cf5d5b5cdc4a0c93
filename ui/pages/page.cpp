#include "ui/pages/page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

// That of a button, so that titles stand at one height on all pages.
constexpr int kTitleHeight = 31;

}  // namespace

Page::Page(Workbench& workbench, QWidget* parent)
    : QWidget(parent), workbench_(workbench), title_(child<QLabel>(this)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(spacing::kPage, spacing::kPage, spacing::kPage, spacing::kGrid);
  column->setSpacing(spacing::kPage);
  title_->setProperty("role", QStringLiteral("heading"));
  title_->setMinimumHeight(kTitleHeight);
  header_ = child<QHBoxLayout>();
  header_->setSpacing(spacing::kGrid);
  header_->addWidget(title_);
  header_->addStretch();
  column->addLayout(header_);
  // A widget around the body: an empty layout would leave its room to the header.
  auto* middle = child<QWidget>(this);
  body_ = child<QVBoxLayout>(middle);
  body_->setContentsMargins(0, 0, 0, 0);
  body_->setSpacing(spacing::kGrid);
  column->addWidget(middle, 1);
}

void Page::setTitle(const QString& title) {
  title_->setText(title);
  setAccessibleName(title);
}

QWidget* Page::inside() const { return body_->parentWidget(); }

void Page::addToHeader(QWidget* widget) { header_->addWidget(widget); }

void Page::focusSearch() {
  for (QLineEdit* field : findChildren<QLineEdit*>()) {
    if (field->property("role").toString() != QLatin1String("search") || !field->isVisible())
      continue;
    field->setFocus(Qt::ShortcutFocusReason);
    field->selectAll();
    return;
  }
}

void Page::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange && hasTexts_) retranslate();
  QWidget::changeEvent(event);
}

void Page::showEvent(QShowEvent* event) {
  if (!hasTexts_) {
    hasTexts_ = true;
    retranslate();
  }
  QWidget::showEvent(event);
}

}  // namespace z2::ui
