#include "ui/pages/new_run/plan_step.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>

#include "ui/base/child.h"
#include "ui/base/parts.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kMostWidth = 1080;  // wider, the columns of a table are too far apart to read

}  // namespace

PlanStep::PlanStep(Workbench& workbench, NewRunPlan& plan, QWidget* parent)
    : QWidget(parent), workbench_(workbench), plan_(plan), lead_(child<QLabel>(this)) {
  outer_ = child<QVBoxLayout>(this);
  outer_->setContentsMargins(0, 0, 0, 0);
  outer_->setSpacing(spacing::kGrid);
  lead_->setWordWrap(true);
  lead_->setProperty("role", QStringLiteral("secondary"));
  outer_->addWidget(lead_);
  auto* scroll = child<QScrollArea>(this);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  inside_ = child<QWidget>(scroll->viewport());
  inside_->setMaximumWidth(kMostWidth);
  column_ = child<QVBoxLayout>(inside_);
  column_->setContentsMargins(0, 0, spacing::kGrid, 0);
  column_->setSpacing(spacing::kGrid);
  scroll->setWidget(inside_);
  inside_->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);
  outer_->addWidget(scroll, 1);
}

void PlanStep::addHead(QLayout* row) { outer_->insertLayout(1, row); }

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
