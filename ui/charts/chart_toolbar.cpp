#include "ui/charts/chart_toolbar.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStandardItemModel>

#include "ui/base/child.h"
#include "ui/base/flow_layout.h"
#include "ui/charts/chart_group.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kNotches = 100;
constexpr double kMostWeight = 0.999;

// Even steps of the slider are even steps of how many points count: 1 / (1 - weight).
double weightOf(int notch) {
  return notch == 0 ? 0 : 1 - std::pow(1 - kMostWeight, static_cast<double>(notch) / kNotches);
}
int notchOf(double weight) {
  return static_cast<int>(std::lround(std::log(1 - std::clamp(weight, 0.0, kMostWeight)) /
                                      std::log(1 - kMostWeight) * kNotches));
}

}  // namespace

ChartToolbar::ChartToolbar(ChartGroup& group, QWidget* parent)
    : QWidget(parent),
      group_(group),
      smoothingLabel_(child<QLabel>(this)),
      smoothing_(child<QSlider>(Qt::Horizontal, this)),
      smoothingValue_(child<QLabel>(this)),
      xLabel_(child<QLabel>(this)),
      x_(child<QComboBox>(this)),
      log_(child<QCheckBox>(this)),
      old_(child<QCheckBox>(this)),
      all_(child<QPushButton>(this)),
      live_(child<QPushButton>(this)) {
  auto* row = child<QHBoxLayout>(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(spacing::kGrid);
  smoothing_->setRange(0, kNotches);
  smoothing_->setFixedWidth(140);
  smoothingLabel_->setBuddy(smoothing_);
  xLabel_->setBuddy(x_);
  smoothingValue_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.9999")));
  old_->setChecked(group_.options().showsSuperseded);
  old_->hide();
  for (int i = 0; i < 4; ++i) x_->addItem(QString(), i);
  auto* parts = child<FlowLayout>(spacing::kGrid, spacing::kInside);
  for (const std::vector<QWidget*>& together :
       {std::vector<QWidget*>{smoothingLabel_, smoothing_, smoothingValue_}, {xLabel_, x_}}) {
    auto* pair = child<QHBoxLayout>();
    pair->setSpacing(spacing::kGrid);
    for (QWidget* part : together) pair->addWidget(part);
    parts->addLayout(pair);
  }
  parts->addWidget(log_);
  parts->addWidget(old_);
  row->addLayout(parts, 1);
  row->addWidget(all_, 0, Qt::AlignTop);
  row->addWidget(live_, 0, Qt::AlignTop);
  connect(smoothing_, &QSlider::valueChanged, this, [this] {
    smoothingValue_->setText(QString::number(smoothing(), 'f', 3));
    apply();
    Q_EMIT smoothingChanged(smoothing());
  });
  connect(x_, &QComboBox::currentIndexChanged, this, &ChartToolbar::apply);
  connect(log_, &QCheckBox::toggled, this, &ChartToolbar::apply);
  connect(old_, &QCheckBox::toggled, this, &ChartToolbar::apply);
  connect(all_, &QPushButton::clicked, &group_, &ChartGroup::showAll);
  connect(live_, &QPushButton::clicked, &group_, &ChartGroup::goLive);
  const auto show = [this] {
    live_->setVisible(!group_.isLive());
    all_->setVisible(!group_.showsAll());
  };
  connect(&group_, &ChartGroup::viewChanged, this, show);
  connect(&group_, &ChartGroup::liveChanged, this, show);
  live_->setProperty("role", QStringLiteral("primary"));
  show();
  retranslate();
}

void ChartToolbar::setSmoothing(double weight) {
  const QSignalBlocker quiet(smoothing_);
  smoothing_->setValue(notchOf(weight));
  smoothingValue_->setText(QString::number(smoothing(), 'f', 3));
  apply();
}

double ChartToolbar::smoothing() const { return weightOf(smoothing_->value()); }

void ChartToolbar::setAvailable(bool hasTokens, bool hasTimes, bool hasSuperseded) {
  old_->setVisible(hasSuperseded);
  auto* items = qobject_cast<QStandardItemModel*>(x_->model());
  if (items == nullptr) return;
  items->item(1)->setEnabled(hasTokens);
  items->item(2)->setEnabled(hasTimes);
  items->item(3)->setEnabled(hasTimes);
}

void ChartToolbar::apply() {
  CurveOptions options = group_.options();
  options.xAxis = static_cast<XAxis>(x_->currentIndex());
  options.isLogY = log_->isChecked();
  options.isSmoothed = smoothing_->value() > 0;
  options.showsSuperseded = old_->isChecked();
  group_.setOptions(options);
}

void ChartToolbar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ChartToolbar::retranslate() {
  smoothingLabel_->setText(tr("Smoothing"));
  smoothing_->setAccessibleName(tr("Smoothing"));
  smoothing_->setToolTip(
      tr("Weight of the past in the moving average; the values themselves stay visible, faint"));
  xLabel_->setText(tr("X axis"));
  x_->setAccessibleName(tr("X axis"));
  const QStringList names = {tr("Steps"), tr("Tokens"), tr("Time"), tr("Time without pauses")};
  for (int i = 0; i < names.size(); ++i) x_->setItemText(i, names.at(i));
  log_->setText(tr("Log scale"));
  log_->setToolTip(tr("Logarithmic y axis; values of 0 and below lie under the picture"));
  old_->setText(tr("Steps done again"));
  old_->setToolTip(
      tr("Shows, in grey, what was rolled back: steps that were done again after a restart"));
  all_->setText(tr("Whole run"));
  all_->setToolTip(tr("Shows all points (Home, or a double click in a chart)"));
  live_->setText(tr("Live"));
  live_->setToolTip(tr("Follows the newest point (End)"));
}

}  // namespace z2::ui
