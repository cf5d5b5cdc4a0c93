#include "app/workbench/status_line.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

const QString kBetween = QStringLiteral("   ·   ");

}  // namespace

StatusLine::StatusLine(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      workbench_(workbench),
      runs_(child<QLabel>(this)),
      load_(child<QLabel>(this)) {
  setObjectName(QStringLiteral("statusLine"));
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(spacing::kPage, spacing::kInside, spacing::kPage, spacing::kInside);
  row->addWidget(runs_);
  row->addStretch();
  row->addWidget(load_);
  for (QLabel* label : {runs_, load_}) label->setProperty("role", QStringLiteral("secondary"));
  connect(&workbench.runs(), &RunWatcher::changed, this, &StatusLine::tell);
  connect(&machine_, &MachineWatcher::changed, this, &StatusLine::tell);
  tell();
}

void StatusLine::tell() {
  const auto& runs = workbench_.runs().runs();
  const auto active = std::count_if(runs.begin(), runs.end(), [](const RunSummary& run) {
    return run.problem.isEmpty() && isActive(run.report.status.state);
  });
  runs_->setText(active == 0 ? tr("Nothing is running")
                             : tr("%n running", nullptr, static_cast<int>(active)));
  const MachineLoad& machine = machine_.load();
  QStringList parts;
  if (machine.cpuPercent >= 0) parts << tr("CPU %1 %").arg(std::lround(machine.cpuPercent));
  if (machine.totalBytes > 0)
    parts << tr("Memory %1 of %2").arg(byteSize(machine.usedBytes), byteSize(machine.totalBytes));
  for (qsizetype i = 0; i < machine.gpus.size(); ++i) {
    const GpuLoad& gpu = machine.gpus.at(i);
    parts << tr("GPU %1 %2 % %3 °C %4 of %5")
                 .arg(i)
                 .arg(gpu.percent)
                 .arg(gpu.temperature)
                 .arg(byteSize(gpu.usedBytes), byteSize(gpu.totalBytes));
  }
  load_->setText(parts.join(kBetween));
  QStringList names;
  for (const GpuLoad& gpu : machine.gpus)
    names << (gpu.watts > 0 ? tr("%1, %2 W").arg(gpu.name).arg(std::lround(gpu.watts)) : gpu.name);
  load_->setToolTip(names.join(QLatin1Char('\n')));
}

void StatusLine::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) tell();
  QFrame::changeEvent(event);
}

}  // namespace z2::ui
