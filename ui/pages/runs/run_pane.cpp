#include "ui/pages/runs/run_pane.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/core_words.h"
#include "ui/base/text.h"
#include "ui/charts/chart_toolbar.h"
#include "ui/charts/curve_view.h"
#include "ui/charts/metric_title.h"
#include "ui/models/run_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/run_action_bar.h"
#include "ui/widgets/state_label.h"

namespace z2::ui {

namespace {

constexpr int kCurveHeight = 190;

QString number(std::optional<double> value) {
  return value ? QString::number(*value, 'f', 4) : QStringLiteral("–");
}

}  // namespace

RunPane::RunPane(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      workbench_(workbench),
      all_(child<QWidget>(this)),
      title_(child<QLabel>(all_)),
      state_(child<StateLabel>(all_)),
      problem_(child<QLabel>(all_)),
      actions_(child<RunActionBar>(workbench, all_, RunActionBar::Size::kCompact)),
      curve_(child<CurveView>(group_, all_)),
      open_(child<QPushButton>(all_)),
      nothing_(child<QLabel>(this)) {
  setProperty("role", QStringLiteral("card"));
  lay();
  connect(&workbench_.runs(), &RunWatcher::changed, this, [this](const QStringList& names) {
    if (names.contains(name_)) setRun(name_);
  });
  connect(open_, &QPushButton::clicked, this, [this] { workbench_.open(PageId::kRun, {name_}); });
  const QString key = QLatin1String(kSmoothingKey);
  workbench_.metrics().setSmoothing(workbench.settings().value(key, kUsualSmoothing).toDouble());
  setRun({});
}

void RunPane::lay() {
  title_->setProperty("role", QStringLiteral("heading"));
  title_->setWordWrap(true);
  title_->setTextFormat(Qt::PlainText);
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  nothing_->setProperty("role", QStringLiteral("lead"));
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  auto* figures = child<QGridLayout>();
  figures->setHorizontalSpacing(spacing::kPage);
  figures->setVerticalSpacing(spacing::kInside + 2);
  for (int i = 0; i < kFigures; ++i) {
    const auto at = static_cast<size_t>(i);
    names_.at(at) = child<QLabel>(all_);
    names_.at(at)->setProperty("role", QStringLiteral("secondary"));
    values_.at(at) = child<QLabel>(all_);
    values_.at(at)->setAlignment(Qt::AlignRight);
    values_.at(at)->setTextInteractionFlags(Qt::TextSelectableByMouse);
    figures->addWidget(names_.at(at), i, 0);
    figures->addWidget(values_.at(at), i, 1);
  }
  figures->setColumnStretch(1, 1);
  auto* column = child<QVBoxLayout>(all_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(spacing::kGrid);
  for (QWidget* widget : {static_cast<QWidget*>(title_), static_cast<QWidget*>(state_),
                          static_cast<QWidget*>(problem_), static_cast<QWidget*>(actions_)})
    column->addWidget(widget);
  column->addSpacing(spacing::kInside);
  curve_->setMinimumHeight(kCurveHeight);
  curve_->setNamesCurves(true);
  column->addWidget(curve_);
  column->addLayout(figures);
  column->addStretch(1);
  column->addWidget(open_);
  auto* outer = child<QVBoxLayout>(this);
  outer->setContentsMargins(spacing::kPage, spacing::kPage, spacing::kPage, spacing::kPage);
  outer->addWidget(all_);
  outer->addWidget(nothing_);
  setMinimumWidth(kLeastWidth);
}

void RunPane::setRun(const QString& name) {
  const RunSummary* run = workbench_.runs().find(name);
  if (name_ != name) {
    name_ = name;
    actions_->setRun(name);
    openCurve();
  }
  all_->setVisible(run != nullptr);
  nothing_->setVisible(run == nullptr);
  if (run != nullptr) show(*run);
}

void RunPane::show(const RunSummary& run) {
  const RunStatus& status = run.report.status;
  const bool isReadable = run.problem.isEmpty();
  title_->setText(run.title);
  state_->setState(isReadable ? std::optional(status.state) : std::nullopt,
                   isReadable ? taskText(run.task) : QString());
  const QString problem = coreText(isReadable ? status.error : toUtf8(run.problem));
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  const auto set = [this](Figure figure, const QString& text) {
    values_.at(figure)->setText(text);
  };
  const QLocale locale;
  set(kStep, isReadable ? QStringLiteral("%1 / %2").arg(
                              locale.toString(static_cast<qlonglong>(status.step)),
                              locale.toString(static_cast<qlonglong>(status.steps)))
                        : QStringLiteral("–"));
  set(kLoss, number(run.loss));
  set(kValidation, number(run.validLoss));
  set(kRate,
      run.tokensPerSecond ? shortCount(std::round(*run.tokensPerSecond)) : QStringLiteral("–"));
  set(kMfu, run.mfu ? QStringLiteral("%1 %").arg(*run.mfu * 100, 0, 'f', 1) : QStringLiteral("–"));
  set(kCheckpoint, run.report.lastCheckpoint
                       ? locale.toString(static_cast<qlonglong>(*run.report.lastCheckpoint))
                       : QStringLiteral("–"));
  set(kMade, whenText(toUtf8(run.created)));
}

void RunPane::openCurve() {
  if (metrics_) disconnect(metrics_.get(), nullptr, this, nullptr);
  metrics_.reset();
  drawn_.clear();
  curve_->setItems({});
  if (name_.isEmpty()) return;
  metrics_ = workbench_.metrics().open(workbench_.workspace().runs() / toPath(name_));
  connect(metrics_.get(), &RunMetrics::changed, this, &RunPane::showCurve);
  group_.showAll();
  showCurve();
}

void RunPane::showCurve() {
  if (!metrics_) return;
  const QStringList metrics = chartsOf(metrics_->metrics()).value(0);
  if (metrics != drawn_ || curve_->title().isEmpty()) {
    drawn_ = metrics;
    std::vector<CurveItem> items;
    for (const QString& metric : metrics)
      items.push_back({.source = metrics_->source(),
                       .metric = toUtf8(metric),
                       .label = curveLabel(metric, metrics),
                       .color = curveColor(static_cast<int>(items.size())),
                       .hasPoints = isEvaluation(metric)});
    curve_->setItems(std::move(items));
    curve_->setTitle(metrics.isEmpty() ? metricTitle(QStringLiteral("loss")) : chartTitle(metrics));
  }
  if (const auto whole = rangeOf(*metrics_->source(), group_.options().xAxis))
    group_.setWhole(*whole);
  curve_->refresh();
}

bool RunPane::isSettled() const {
  return metrics_ == nullptr || (metrics_->isLoaded() && group_.isSettled());
}

void RunPane::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    drawn_.clear();  // curves have the theme's colours
    showCurve();
  }
  QFrame::changeEvent(event);
}

void RunPane::retranslate() {
  nothing_->setText(tr("Select a run to see its loss and figures."));
  open_->setText(tr("Open the run"));
  curve_->setEmptyText(tr("No loss yet"));
  drawn_.clear();
  const QStringList names = {tr("Step"),     tr("Loss"), tr("Validation loss"),
                             tr("Tokens/s"), tr("MFU"),  tr("Last checkpoint"),
                             tr("Made")};
  for (int i = 0; i < kFigures; ++i) names_.at(static_cast<size_t>(i))->setText(names.at(i));
  setAccessibleName(tr("Selected run"));
  setRun(name_);
  showCurve();
}

}  // namespace z2::ui
