#include "ui/services/workbench.h"

#include "ui/services/job_notices.h"

namespace z2::ui {

Workbench::Workbench(Workspace workspace, Settings& settings, QObject* parent)
    : QObject(parent),
      workspace_(std::move(workspace)),
      settings_(settings),
      runs_(workspace_.folder()),
      actions_(workspace_.runs(), runs_),
      jobs_(workspace_.folder()),
      demo_(workspace_, jobs_, runs_) {
  // What cannot be made is told by the first action that needs it.
  [[maybe_unused]] const Result<void> made = workspace_.make();
  const auto show = [this](const QString&, RunActions::Kind, const Notice& notice) {
    if (!notice.what.isEmpty()) notify(notice);
  };
  connect(&actions_, &RunActions::finished, this, show);
  connect(&actions_, &RunActions::failed, this, show);
  connect(&actions_, &RunActions::forked, this,
          [this](const QString&, const QString& name) { open(PageId::kRun, {name}); });
  connect(&jobs_, &JobService::finished, this, &Workbench::tellEnd);
}

void Workbench::tellEnd(const QString& job) {
  auto news = newsOf(*jobs_.find(job));
  if (!news) return;
  if (news->page) {
    news->notice.actionText = tr("Show");
    news->notice.action = [this, page = *news->page, selection = news->selection] {
      open(page, selection);
    };
  }
  notify(news->notice);
}

}  // namespace z2::ui
