#include "ui/pages/new_run/plan_step.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>

#include "ui/base/child.h"
#include "ui/base/parts.h"
#include "ui/theme/theme.h"

namespace z2::ui {

PlanStep::PlanStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent)
    : QWidget(parent), workbench_(workbench), plan_(plan), lead_(child<QLabel>(this)) {
  auto* outer = child<QVBoxLayout>(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(spacing::kGrid);
  lead_->setWordWrap(true);
  lead_->setProperty("role", QStringLiteral("secondary"));
  outer->addWidget(lead_);
  auto* scroll = child<QScrollArea>(this);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  inside_ = child<QWidget>(scroll->viewport());
  column_ = child<QVBoxLayout>(inside_);
  column_->setContentsMargins(0, 0, spacing::kGrid, 0);
  column_->setSpacing(spacing::kGrid);
  scroll->setWidget(inside_);
  inside_->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);
  outer->addWidget(scroll, 1);
}

void PlanStep::setLead(const QString& text) { lead_->setText(text); }

void PlanStep::build(Parts& parts) {
  parts.add([this, &parts] {
    make(parts);
    parts.add([this] {
      isBuilt_ = true;
      showPlan();
    });
  });
}

void PlanStep::showPlan() {
  if (!isBuilt_ || !isVisible()) return;
  if (!hasTexts_) {
    hasTexts_ = true;
    retranslate();
  }
  present();
}

void PlanStep::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange && hasTexts_) {
    retranslate();
    present();
  }
  QWidget::changeEvent(event);
}

void PlanStep::showEvent(QShowEvent* event) {
  showPlan();
  QWidget::showEvent(event);
}

}  // namespace z2::ui
