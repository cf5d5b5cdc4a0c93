#include "app/workbench/job_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kBarSteps = 1000;
constexpr int kBarWidth = 180;

// Numbers change several times a second; their places must not.
void keepWidth(QLabel* label, const QString& longest) {
  label->setMinimumWidth(label->fontMetrics().horizontalAdvance(longest));
}

}  // namespace

JobRow::JobRow(QWidget* parent)
    : QWidget(parent),
      title_(child<QLabel>(this)),
      phase_(child<QLabel>(this)),
      bar_(child<QProgressBar>(this)),
      percent_(child<QLabel>(this)),
      rate_(child<QLabel>(this)),
      left_(child<QLabel>(this)),
      cancel_(child<QPushButton>(this)) {
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 2, 0, 2);
  row->setSpacing(spacing::kPage);
  for (QLabel* label : {phase_, percent_, rate_, left_})
    label->setProperty("role", QStringLiteral("secondary"));
  for (QLabel* label : {percent_, rate_}) label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  bar_->setTextVisible(false);
  bar_->setFixedSize(kBarWidth, 6);
  cancel_->setProperty("role", QStringLiteral("quiet"));
  row->addWidget(title_);
  row->addWidget(phase_);
  row->addStretch(1);
  row->addWidget(bar_);
  row->addWidget(percent_);
  row->addWidget(rate_);
  row->addWidget(left_);
  row->addWidget(cancel_);
  connect(cancel_, &QPushButton::clicked, this, &JobRow::cancelled);
  ensurePolished();
  keepWidth(percent_, QStringLiteral("100 %"));
  keepWidth(rate_, QStringLiteral("888.8 MB/s"));
}

void JobRow::setJob(const Job& job) {
  const bool isCancelling = job.state == Job::State::kCancelling;
  title_->setText(job.title);
  phase_->setText(isCancelling ? tr("Cancelling…") : phaseText(job.phase));
  bar_->setRange(0, job.fraction ? kBarSteps : 0);
  if (job.fraction) bar_->setValue(static_cast<int>(*job.fraction * kBarSteps));
  bar_->setAccessibleName(job.title);
  percent_->setText(job.fraction ? QStringLiteral("%1 %").arg(static_cast<int>(*job.fraction * 100))
                                 : QString());
  rate_->setText(isCancelling ? QString() : rateText(job));
  keepWidth(left_, tr("%1 left").arg(duration(59 * 60)));
  left_->setText(job.secondsLeft && !isCancelling ? tr("%1 left").arg(duration(*job.secondsLeft))
                                                  : QString());
  cancel_->setText(isCancelling ? tr("End at once") : tr("Cancel"));
  cancel_->setAccessibleName(cancel_->text() + QStringLiteral(": ") + job.title);
}

}  // namespace z2::ui
