#include "ui/pages/library/job_strip.h"

#include <QEvent>
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

}  // namespace

JobStrip::JobStrip(JobService& jobs, const QStringList& kinds, QWidget* parent)
    : QFrame(parent),
      jobs_(jobs),
      kinds_(kinds),
      title_(child<QLabel>(this)),
      state_(child<QLabel>(this)),
      bar_(child<QProgressBar>(this)),
      cancel_(child<QPushButton>(this)) {
  setProperty("role", QStringLiteral("card"));
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(12, spacing::kGrid, 12, 12);
  auto* row = child<QHBoxLayout>();
  state_->setProperty("role", QStringLiteral("secondary"));
  state_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(title_);
  row->addWidget(state_, 1);
  row->addWidget(cancel_);
  column->addLayout(row);
  bar_->setTextVisible(false);
  bar_->setFixedHeight(6);
  column->addWidget(bar_);
  hide();
  connect(cancel_, &QPushButton::clicked, this, [this] { jobs_.cancel(shown_); });
  connect(&jobs_, &JobService::added, this, &JobStrip::follow);
  connect(&jobs_, &JobService::changed, this, [this](const QString& id) {
    if (id == shown_) refresh();
  });
  connect(&jobs_, &JobService::finished, this, [this](const QString& id) {
    const Job* job = jobs_.find(id);
    if (job != nullptr && kinds_.contains(job->kind)) Q_EMIT ended(Job(*job));
    refresh();
  });
  for (auto job = jobs_.jobs().rbegin(); job != jobs_.jobs().rend(); ++job) follow(job->id);
}

void JobStrip::follow(const QString& id) {
  const Job* job = jobs_.find(id);
  if (job == nullptr || job->isOver() || !kinds_.contains(job->kind)) return;
  shown_ = id;
  refresh();
}

void JobStrip::refresh() {
  const Job* job = jobs_.find(shown_);
  setVisible(job != nullptr && !job->isOver());
  if (job == nullptr) return;
  title_->setText(job->title);
  const bool isCancelling = job->state == Job::State::kCancelling;
  QStringList parts;
  QString phase = isCancelling ? tr("Cancelling…") : phaseText(job->phase);
  if (!isCancelling && job->fraction)
    phase += QStringLiteral(" %1 %").arg(static_cast<int>(*job->fraction * 100));
  for (const QString& text : {phase, rateText(*job)})
    if (!text.isEmpty()) parts.append(text);
  if (job->secondsLeft) parts.append(tr("%1 left").arg(duration(*job->secondsLeft)));
  state_->setText(parts.join(QStringLiteral(" · ")));
  bar_->setRange(0, job->fraction ? kBarSteps : 0);
  if (job->fraction) bar_->setValue(static_cast<int>(*job->fraction * kBarSteps));
  bar_->setAccessibleName(job->title);
  cancel_->setText(isCancelling ? tr("End at once") : tr("Cancel"));
}

void JobStrip::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) refresh();
  QFrame::changeEvent(event);
}

}  // namespace z2::ui
