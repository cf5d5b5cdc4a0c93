#include "ui/pages/run/curves_tab.h"

#include <algorithm>

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/base/child.h"
#include "ui/base/text.h"
#include "ui/charts/chart_menu.h"
#include "ui/charts/chart_toolbar.h"
#include "ui/charts/curve_view.h"
#include "ui/charts/metric_title.h"
#include "ui/services/workbench.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kColumns = 3;
constexpr int kLargeHeight = 300;
constexpr int kSmallHeight = 190;
constexpr int kRestMs = 450;
constexpr uint32_t kRowsOfSpeed = 50;

}  // namespace

CurvesTab::CurvesTab(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      workbench_(workbench),
      toolbar_(child<ChartToolbar>(group_, this)),
      damage_(child<QLabel>(this)),
      content_(child<QWidget>(this)),
      grid_(child<QGridLayout>(content_)) {
  auto* column = child<QVBoxLayout>(this);
  column->setContentsMargins(0, spacing::kGrid, 0, 0);
  column->setSpacing(spacing::kGrid);
  column->addWidget(toolbar_);
  damage_->setObjectName(QStringLiteral("damage"));
  damage_->setWordWrap(true);
  damage_->hide();
  column->addWidget(damage_);
  auto* scroll = child<QScrollArea>(this);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // the charts inside take the keys
  scroll->setWidget(content_);
  column->addWidget(scroll, 1);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(spacing::kGrid);
  rest_.setSingleShot(true);
  rest_.setInterval(kRestMs);
  connect(&rest_, &QTimer::timeout, this, [this] {
    if (isDue_) follow();
  });
  connect(toolbar_, &ChartToolbar::smoothingChanged, this, [this](double weight) {
    rest_.stop();  // who moves the slider looks at the curve
    workbench_.metrics().setSmoothing(weight);
    workbench_.settings().setValue(QLatin1String(kSmoothingKey), weight);
  });
  const double weight =
      workbench_.settings().value(QLatin1String(kSmoothingKey), kUsualSmoothing).toDouble();
  toolbar_->setSmoothing(weight);
  workbench_.metrics().setSmoothing(weight);
}

void CurvesTab::setRun(const std::filesystem::path& run) {
  if (metrics_ && metrics_->run() == run) return;
  if (metrics_) disconnect(metrics_.get(), nullptr, this, nullptr);
  metrics_ = workbench_.metrics().open(run);
  connect(metrics_.get(), &RunMetrics::changed, this, &CurvesTab::follow);
  toolbar_->setSmoothing(workbench_.metrics().smoothing());
  shown_.clear();
  rest_.stop();
  isDue_ = false;
  group_.showAll();
  showMetrics();
}

void CurvesTab::setMarks(std::vector<CurveMark> marks) {
  marks_ = std::move(marks);
  for (CurveView* view : views_) view->setMarks(marks_);
}

bool CurvesTab::isSettled() const {
  return metrics_ != nullptr && metrics_->isLoaded() && group_.isSettled();
}

std::optional<double> CurvesTab::secondsLeft(int64_t steps) const {
  if (metrics_ == nullptr) return std::nullopt;
  const auto lock = metrics_->source()->lock();
  const CurveTable& table = metrics_->source()->curves().current();
  if (table.rows() < 2) return std::nullopt;
  const uint32_t last = table.rows() - 1;
  const uint32_t first = last - std::min(last, kRowsOfSpeed);
  const auto done = static_cast<double>(table.step(last) - table.step(first));
  const double seconds = table.x(XAxis::kRunTime, last) - table.x(XAxis::kRunTime, first);
  if (done <= 0 || seconds <= 0) return std::nullopt;
  return static_cast<double>(std::max<int64_t>(0, steps - table.step(last))) * seconds / done;
}

// New rows come several times a second, and each time all charts would be drawn.
void CurvesTab::follow() {
  isDue_ = rest_.isActive() && metrics_->isLoaded() && !shown_.isEmpty();
  if (isDue_) return;
  showMetrics();
  rest_.start();
}

void CurvesTab::showMetrics() {
  const QStringList metrics = metrics_->metrics();
  if (metrics != shown_ || views_.empty()) makeViews(metrics);
  if (const auto whole = rangeOf(*metrics_->source(), group_.options().xAxis))
    group_.setWhole(*whole);
  {
    const auto lock = metrics_->source()->lock();
    const CurveTable& table = metrics_->source()->curves().current();
    toolbar_->setAvailable(table.hasTokens(), table.hasTimes(),
                           !metrics_->source()->curves().superseded().empty());
  }
  for (CurveView* view : views_) view->refresh();
  if (metrics.isEmpty()) retranslate();
  showDamage();
}

void CurvesTab::makeViews(const QStringList& metrics) {
  shown_ = metrics;
  for (CurveView* view : views_) {
    grid_->removeWidget(view);
    view->deleteLater();
  }
  views_.clear();
  QList<QStringList> charts = chartsOf(metrics);
  if (charts.isEmpty()) charts.append(QStringList{QStringLiteral("loss")});
  int place = 0;
  for (const QStringList& chart : charts) {
    auto* view = child<CurveView>(group_, content_);
    view->setNamesCurves(true);
    std::vector<CurveItem> items;
    for (const QString& metric : chart)
      items.push_back({.source = metrics_->source(),
                       .metric = toUtf8(metric),
                       .label = curveLabel(metric, chart),
                       .color = curveColor(static_cast<int>(items.size())),
                       .hasPoints = isEvaluation(metric)});
    view->setItems(std::move(items));
    view->setMarks(marks_);
    connect(view, &CurveView::menuAsked, this, [this, view](const QPoint& at) {
      showChartMenu(*view, group_, at, [this](const Error& error) {
        workbench_.notify(noticeOf(error, tr("The run and its metrics are not touched.")));
      });
    });
    if (views_.empty()) {
      view->setMinimumHeight(kLargeHeight);
      grid_->addWidget(view, 0, 0, 1, kColumns);
    } else {
      view->setMinimumHeight(kSmallHeight);
      grid_->addWidget(view, 1 + place / kColumns, place % kColumns);
      ++place;
    }
    views_.push_back(view);
    view->show();
  }
  grid_->setRowStretch(0, 3);
  for (int row = 1; row < grid_->rowCount(); ++row) grid_->setRowStretch(row, 2);
  retranslate();
}

// Lines that were passed over are told, never lost silently.
void CurvesTab::showDamage() {
  QString text;
  if (!metrics_->problem().isEmpty()) {
    text = metrics_->problem();
  } else {
    const auto lock = metrics_->source()->lock();
    const RunCurves& curves = metrics_->source()->curves();
    if (curves.damageCount() > 0)
      text = tr("Damaged lines of metrics.jsonl that were passed over: %1. All other rows are "
                "shown. The first: %2")
                 .arg(curves.damageCount())
                 .arg(toQString(curves.damages().front().text()));
  }
  damage_->setText(QStringLiteral("⚠ ") + text);
  damage_->setStyleSheet(QStringLiteral("color: %1").arg(colors().waiting.name()));
  damage_->setVisible(!text.isEmpty());
}

void CurvesTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  // Curves have the theme's colours.
  if (event->type() == QEvent::PaletteChange && metrics_) makeViews(shown_);
  QWidget::changeEvent(event);
}

void CurvesTab::retranslate() {
  for (CurveView* view : views_) {
    QStringList chart;
    for (const CurveItem& item : view->items()) chart.append(toQString(item.metric));
    auto items = view->items();
    for (CurveItem& item : items) item.label = curveLabel(toQString(item.metric), chart);
    view->setItems(std::move(items));
    view->setTitle(chartTitle(chart));
    view->setEmptyText(
        metrics_ && !metrics_->isLoaded()
            ? tr("Reading… %1 %").arg(static_cast<int>(metrics_->progress() * 100))
            : tr("Nothing has been recorded yet. Curves begin with the first step."));
  }
}

}  // namespace z2::ui
