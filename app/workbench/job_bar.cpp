#include "app/workbench/job_bar.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include "app/workbench/job_row.h"
#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kMostRows = 4;  // the page needs room too

}  // namespace

JobBar::JobBar(JobService& jobs, QWidget* parent)
    : QFrame(parent), jobs_(jobs), rows_(child<QVBoxLayout>(this)), more_(child<QLabel>(this)) {
  setObjectName(QStringLiteral("jobBar"));
  rows_->setContentsMargins(spacing::kPage, spacing::kInside, spacing::kGrid, spacing::kInside);
  rows_->setSpacing(0);
  more_->setProperty("role", QStringLiteral("secondary"));
  rows_->addWidget(more_);
  for (const auto signal :
       {&JobService::added, &JobService::changed, &JobService::finished, &JobService::forgotten})
    connect(&jobs_, signal, this, &JobBar::follow);
  for (const Job& job : jobs_.jobs()) follow(job.id);
  arrange();
}

void JobBar::follow(const QString& id) {
  const Job* job = jobs_.find(id);
  JobRow* row = shown_.value(id);
  if (job == nullptr || job->isOver()) {
    if (row == nullptr) return;
    shown_.remove(id);
    row->hide();
    row->deleteLater();
    arrange();
    return;
  }
  if (row == nullptr) {
    row = child<JobRow>(this);
    connect(row, &JobRow::cancelled, &jobs_, [this, id] { jobs_.cancel(id); });
    shown_.insert(id, row);
    rows_->insertWidget(static_cast<int>(std::distance(shown_.begin(), shown_.find(id))), row);
    row->setJob(*job);
    arrange();
    return;
  }
  row->setJob(*job);
}

void JobBar::arrange() {
  int count = 0;
  for (JobRow* row : std::as_const(shown_)) row->setVisible(++count <= kMostRows);
  more_->setVisible(count > kMostRows);
  more_->setText(tr("%n more", nullptr, std::max(0, count - kMostRows)));
  setVisible(count > 0);
}

void JobBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    setAccessibleName(tr("Jobs"));
    for (const QString& id : shown_.keys()) follow(id);
    arrange();
  }
  QFrame::changeEvent(event);
}

}  // namespace z2::ui
