#include "ui/pages/compare/compare_page.h"

#include <algorithm>

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/base/background.h"
#include "ui/base/child.h"
#include "ui/base/tab_parent.h"
#include "ui/base/text.h"
#include "ui/charts/chart_menu.h"
#include "ui/charts/chart_toolbar.h"
#include "ui/charts/curve_view.h"
#include "ui/charts/metric_title.h"
#include "ui/pages/compare/compared_numbers.h"
#include "ui/pages/compare/run_legend.h"
#include "ui/pages/run/table_tab.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/empty_state.h"

namespace z2::ui {

namespace {

enum { kCurvesTab, kNumbersTab, kConfigurationTab };
constexpr int kColumns = 2;
constexpr int kHeight = 240;
// As many as there are colours; more are chosen by hand.
constexpr qsizetype kAtFirst = 5;

// Of those that have recorded something.
QStringList newestRuns(const RunWatcher& watcher) {
  QList<RunSummary> runs;
  for (const RunSummary& run : watcher.runs())
    if (run.problem.isEmpty() && run.loss && !run.isArchived) runs.append(run);
  std::sort(runs.begin(), runs.end(),
            [](const RunSummary& a, const RunSummary& b) { return a.created > b.created; });
  QStringList names;
  for (const RunSummary& run : runs.first(std::min(runs.size(), kAtFirst))) names.append(run.name);
  return names;
}

}  // namespace

ComparePage::ComparePage(Workbench& workbench, QWidget* parent)
    : Page(workbench, parent),
      legend_(child<RunLegend>(inside())),
      baseline_(child<ChoiceBox>(this)),
      baselineLabel_(child<QLabel>(this)),
      empty_(child<EmptyState>(QStringLiteral("compare"), inside())),
      tabs_(child<QTabWidget>(inside())) {
  baselineLabel_->setBuddy(baseline_);
  baseline_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  addToHeader(baselineLabel_);
  addToHeader(baseline_);
  body()->addWidget(empty_, 1);
  connect(empty_, &EmptyState::chosen, this, [this] { this->workbench().open(PageId::kRuns); });
  body()->addWidget(legend_);
  body()->addWidget(tabs_, 1);
  makeTabs();
  const double weight =
      workbench.settings().value(QLatin1String(kSmoothingKey), kUsualSmoothing).toDouble();
  toolbar_->setSmoothing(weight);
  workbench.metrics().setSmoothing(weight);
  connect(toolbar_, &ChartToolbar::smoothingChanged, this, [&workbench](double chosen) {
    workbench.metrics().setSmoothing(chosen);
    workbench.settings().setValue(QLatin1String(kSmoothingKey), chosen);
  });
  connect(legend_, &RunLegend::changed, this, &ComparePage::setItems);
  connect(baseline_, &QComboBox::currentIndexChanged, this, [this] {
    for (CurveView* view : views_) view->setBaseline(baseline());
    showNumbers();
    showConfiguration();
  });
  tabs_->setObjectName(QStringLiteral("compareTabs"));
  connect(tabs_, &QTabWidget::currentChanged, this, &ComparePage::showNumbers);
  connect(&workbench.runs(), &RunWatcher::changed, this, [this] {
    if (isAsked_ || this->workbench().runs().runs().size() < 2) return;
    select(newestRuns(this->workbench().runs()));
  });
}

void ComparePage::makeTabs() {
  QVBoxLayout* curves = addTab(spacing::kGrid);
  toolbar_ = child<ChartToolbar>(group_, curves->parentWidget());
  curves->addWidget(toolbar_);
  auto* scroll = child<QScrollArea>(curves->parentWidget());
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // the charts inside take the keys
  charts_ = child<QWidget>(scroll->viewport());
  grid_ = child<QGridLayout>(charts_);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(spacing::kGrid);
  scroll->setWidget(charts_);
  curves->addWidget(scroll, 1);
  parts().add([this, tab = addTab(0)] {
    numbers_ = child<TableTab>(tab->parentWidget());
    tab->addWidget(numbers_);
  });
  parts().add([this, tab = addTab(0)] {
    configuration_ = child<TableTab>(tab->parentWidget());
    tab->addWidget(configuration_);
    onlyDifferences_ = child<QPushButton>(configuration_);
    onlyDifferences_->setCheckable(true);
    onlyDifferences_->setChecked(true);
    configuration_->addControl(onlyDifferences_);
    connect(onlyDifferences_, &QPushButton::toggled, this, &ComparePage::showConfiguration);
    retranslate();
  });
}

QVBoxLayout* ComparePage::addTab(int margin) {
  auto* tab = child<QWidget>(tabParent(*tabs_));
  auto* column = child<QVBoxLayout>(tab);
  column->setContentsMargins(0, margin, 0, 0);
  tabs_->addTab(tab, QString());
  return column;
}

void ComparePage::select(const QStringList& names) {
  isAsked_ = !names.isEmpty();
  parts().whenBuilt([this, names] { lay(names); });
}

void ComparePage::lay(const QStringList& names) {
  QStringList before;
  for (const Compared& run : runs_) before.append(run.name);
  if (names == before) return;
  for (Compared& run : runs_) disconnect(run.metrics.get(), nullptr, this, nullptr);
  runs_.clear();
  metrics_.clear();
  for (const QString& name : names) {
    Compared run;
    run.name = name;
    run.metrics = workbench().metrics().open(workbench().workspace().runs() / toUtf8(name));
    connect(run.metrics.get(), &RunMetrics::changed, this, &ComparePage::showCurves);
    runs_.push_back(std::move(run));
  }
  for (size_t i = 0; i < runs_.size(); ++i) readDetails(i);
  legend_->setRuns(names);
  const QSignalBlocker quiet(baseline_);
  baseline_->clear();
  baseline_->addItems(names);
  toolbar_->setSmoothing(workbench().metrics().smoothing());
  group_.showAll();
  retranslate();
  showCurves();
}

bool ComparePage::isSettled() const {
  return Page::isSettled() &&
         std::all_of(
             runs_.begin(), runs_.end(),
             [](const Compared& run) { return run.metrics->isLoaded() && run.hasDetails; }) &&
         group_.isSettled() && workbench().runs().hasLooked();
}

size_t ComparePage::baseline() const {
  return static_cast<size_t>(std::max(0, baseline_->currentIndex()));
}

void ComparePage::readDetails(size_t index) {
  const QString name = runs_[index].name;
  inBackground(
      this, [path = workbench().workspace().runs() / toUtf8(name)] { return readRunDetails(path); },
      [this, name](RunDetails details) {
        for (Compared& run : runs_) {
          if (run.name != name) continue;
          run.details = std::move(details);
          run.hasDetails = true;
          break;
        }
        showConfiguration();
      });
}

void ComparePage::showCurves() {
  QStringList metrics;
  std::optional<AxisRange> whole;
  bool hasTokens = !runs_.empty();
  bool hasTimes = !runs_.empty();
  bool hasSuperseded = false;
  for (const Compared& run : runs_) {
    for (const QString& metric : run.metrics->metrics())
      if (!metrics.contains(metric)) metrics.append(metric);
    const auto range = rangeOf(*run.metrics->source(), group_.options().xAxis);
    if (!range) continue;
    whole = whole
                ? AxisRange{std::min(whole->begin, range->begin), std::max(whole->end, range->end)}
                : *range;
    const auto lock = run.metrics->source()->lock();
    hasTokens = hasTokens && run.metrics->source()->curves().current().hasTokens();
    hasTimes = hasTimes && run.metrics->source()->curves().current().hasTimes();
    hasSuperseded = hasSuperseded || !run.metrics->source()->curves().superseded().empty();
  }
  toolbar_->setAvailable(hasTokens, hasTimes, hasSuperseded);
  if (metrics != metrics_ || views_.empty()) makeViews(metrics);
  if (whole) group_.setWhole(*whole);
  for (CurveView* view : views_) view->refresh();
  showNumbers();
}

void ComparePage::makeViews(const QStringList& metrics) {
  metrics_ = metrics;
  for (CurveView* view : views_) {
    grid_->removeWidget(view);
    view->deleteLater();
  }
  views_.clear();
  chartMetrics_.clear();
  int place = 0;
  // One metric a chart: here the colours are the runs.
  for (const QStringList& together : chartsOf(metrics))
    for (const QString& metric : together) chartMetrics_.push_back({metric});
  for (const QStringList& chart : chartMetrics_) {
    auto* view = child<CurveView>(group_, charts_);
    view->setMinimumHeight(kHeight);
    view->setBaseline(baseline());
    connect(view, &CurveView::menuAsked, this, [this, view](const QPoint& at) {
      showChartMenu(*view, group_, at, [this](const Error& error) {
        workbench().notify(noticeOf(error, tr("The runs and their metrics are not touched.")));
      });
    });
    grid_->addWidget(view, place / kColumns, place % kColumns);
    ++place;
    view->setTitle(metricTitle(chart.front()));
    views_.push_back(view);
    view->show();
  }
  setItems();
}

void ComparePage::setItems() {
  const int highlighted = legend_->highlighted();
  for (size_t chart = 0; chart < views_.size(); ++chart) {
    const QString& metric = chartMetrics_[chart].front();
    std::vector<CurveItem> items;
    std::optional<size_t> base;
    for (size_t run = 0; run < runs_.size(); ++run) {
      const int index = static_cast<int>(run);
      if (!legend_->isShown(index)) continue;
      if (run == baseline()) base = items.size();
      items.push_back({.source = runs_[run].metrics->source(),
                       .metric = toUtf8(metric),
                       .label = runs_[run].name,
                       .color = curveColor(index),
                       .dashes = curveDashes(index),
                       .isFaded = highlighted >= 0 && highlighted != index,
                       .isHighlighted = highlighted == index,
                       .hasPoints = isEvaluation(metric)});
    }
    views_[chart]->setItems(std::move(items));
    views_[chart]->setBaseline(base);
  }
}

void ComparePage::showNumbers() {
  if (tabs_->currentIndex() != kNumbersTab || !parts().isBuilt()) return;
  std::vector<ComparedRun> compared;
  for (const Compared& run : runs_)
    compared.push_back({.title = run.name, .source = run.metrics->source(), .details = nullptr});
  QStringList metrics;
  for (const QStringList& chart : chartMetrics_) metrics.append(chart);
  numbers_->setRows(numberRows(compared, metrics, baseline()));
}

void ComparePage::showConfiguration() {
  std::vector<ComparedRun> compared;
  QStringList headers = {tr("Setting"), tr("Key")};
  for (const Compared& run : runs_) {
    compared.push_back(
        {.title = run.name, .source = run.metrics->source(), .details = &run.details});
    headers.append(run.name);
  }
  configuration_->setHeaders(headers);
  configuration_->setRows(differenceRows(compared, baseline(), onlyDifferences_->isChecked()));
}

void ComparePage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) setItems();
  Page::changeEvent(event);
}

void ComparePage::retranslate() {
  setTitle(tr("Compare"));
  baselineLabel_->setText(tr("Baseline"));
  baseline_->setAccessibleName(tr("Baseline"));
  baseline_->setToolTip(tr("The run against which differences are given"));
  empty_->setTexts(tr("No runs to compare yet"),
                   tr("Choose two or more runs on the Runs page (Space marks a run) to lay their "
                      "curves over each other."),
                   tr("Go to the runs"));
  const bool isEmpty = runs_.empty() && !isAsked_;
  empty_->setVisible(isEmpty);
  for (QWidget* part : std::initializer_list<QWidget*>{legend_, tabs_, baseline_, baselineLabel_})
    part->setVisible(!isEmpty);
  tabs_->setTabText(kCurvesTab, tr("Curves"));
  tabs_->setTabText(kNumbersTab, tr("Numbers"));
  tabs_->setTabText(kConfigurationTab, tr("Configuration"));
  if (configuration_ == nullptr) return;
  numbers_->setHeaders({tr("Metric"), tr("Run"), tr("Last"), tr("Difference"), tr("Best"),
                        tr("At step"), tr("Least"), tr("Greatest"), tr("Points")});
  numbers_->setTexts(tr("Numbers"), tr("Filter metrics and runs"),
                     tr("The runs have recorded nothing yet."));
  onlyDifferences_->setText(tr("Only what differs"));
  configuration_->setTexts(tr("Configuration"), tr("Filter settings"),
                           tr("The configurations are the same."));
  for (size_t i = 0; i < views_.size(); ++i) {
    views_[i]->setTitle(metricTitle(chartMetrics_[i].front()));
    views_[i]->setEmptyText(tr("Nothing has been recorded yet."));
  }
  showConfiguration();
  showNumbers();
}

}  // namespace z2::ui
