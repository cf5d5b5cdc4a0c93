#include "ui/charts/metric_title.h"

#include <QCoreApplication>

#include "ui/base/text.h"

namespace z2::ui {

namespace {

constexpr const char* kContext = "Metric";

const QString kValidation = QStringLiteral("valid/");

struct Known {
  const char* name;
  const char* title;
};
constexpr Known kKnown[] = {
    {"loss", QT_TRANSLATE_NOOP("Metric", "Loss")},
    {"valid/loss", QT_TRANSLATE_NOOP("Metric", "Validation loss")},
    {"lr", QT_TRANSLATE_NOOP("Metric", "Learning rate")},
    {"grad_norm", QT_TRANSLATE_NOOP("Metric", "Gradient norm")},
    {"tok_s", QT_TRANSLATE_NOOP("Metric", "Tokens per second")},
    {"mfu", QT_TRANSLATE_NOOP("Metric", "MFU")},
    {"mem_gb", QT_TRANSLATE_NOOP("Metric", "Memory (GB)")},
    {"trained_tok_s", QT_TRANSLATE_NOOP("Metric", "Trained tokens per second")},
    {"pairs_s", QT_TRANSLATE_NOOP("Metric", "Pairs per second")},
    {"rewards/accuracies", QT_TRANSLATE_NOOP("Metric", "Preference accuracy")},
    {"rewards/margins", QT_TRANSLATE_NOOP("Metric", "Reward margin")},
    {"rewards/chosen", QT_TRANSLATE_NOOP("Metric", "Reward of the chosen")},
    {"rewards/rejected", QT_TRANSLATE_NOOP("Metric", "Reward of the rejected")},
    {"logps/chosen", QT_TRANSLATE_NOOP("Metric", "Log-probability of the chosen")},
    {"logps/rejected", QT_TRANSLATE_NOOP("Metric", "Log-probability of the rejected")},
    {"nll_loss", QT_TRANSLATE_NOOP("Metric", "Loss of the chosen")},
    {"step_s", QT_TRANSLATE_NOOP("Metric", "Seconds per step")},
    {"mfu_causal", QT_TRANSLATE_NOOP("Metric", "MFU (causal attention)")},
};

// Metrics that share a chart, or have a place of their own in the order of the charts.
struct Chart {
  const char* metrics[2];
  const char* title;  // null: that of the first metric
};
constexpr Chart kCharts[] = {
    {{"loss", "valid/loss"}, nullptr},
    {{"rewards/chosen", "rewards/rejected"}, QT_TRANSLATE_NOOP("Metric", "Rewards")},
    {{"rewards/margins", "valid/rewards/margins"}, nullptr},
    {{"rewards/accuracies", "valid/rewards/accuracies"}, nullptr},
    {{"lr", nullptr}, nullptr},
    {{"grad_norm", nullptr}, nullptr},
    {{"tok_s", nullptr}, nullptr},
    {{"trained_tok_s", nullptr}, nullptr},
    {{"pairs_s", nullptr}, nullptr},
    {{"mfu", nullptr}, nullptr},
    {{"mem_gb", nullptr}, nullptr},
    {{"valid/rewards/chosen", "valid/rewards/rejected"},
     QT_TRANSLATE_NOOP("Metric", "Rewards (validation)")},
    {{"logps/chosen", "logps/rejected"}, QT_TRANSLATE_NOOP("Metric", "Log-probabilities")},
    {{"valid/logps/chosen", "valid/logps/rejected"},
     QT_TRANSLATE_NOOP("Metric", "Log-probabilities (validation)")},
    {{"nll_loss", "valid/nll_loss"}, nullptr},
    {{"step_s", nullptr}, nullptr},
    {{"mfu_causal", nullptr}, nullptr},
};

}  // namespace

QString metricTitle(const QString& metric) {
  for (const Known& known : kKnown)
    if (metric == QLatin1String(known.name))
      return QCoreApplication::translate(kContext, known.title);
  if (!metric.startsWith(kValidation)) return metric;
  const QString trained = metric.sliced(kValidation.size());
  const QString title = metricTitle(trained);
  return title == trained ? metric
                          : QCoreApplication::translate("Metric", "%1 (validation)").arg(title);
}

QList<QStringList> chartsOf(const QStringList& metrics) {
  QList<QStringList> charts;
  QStringList rest = metrics;
  const auto take = [&](const QStringList& together) {
    QStringList found;
    for (const QString& metric : together)
      if (rest.removeAll(metric) > 0) found.append(metric);
    if (!found.isEmpty()) charts.append(found);
  };
  for (const Chart& chart : kCharts)
    take({QString::fromLatin1(chart.metrics[0]), QString::fromLatin1(chart.metrics[1])});
  for (const QString& metric : QStringList(rest)) take({metric});
  return charts;
}

QString chartTitle(const QStringList& chart) {
  if (chart.size() < 2) return metricTitle(chart.value(0));
  for (const Chart& known : kCharts)
    if (known.title != nullptr && chart.front() == QLatin1String(known.metrics[0]))
      return QCoreApplication::translate(kContext, known.title);
  return metricTitle(chart.front());
}

QString curveLabel(const QString& metric, const QStringList& chart) {
  if (chart.size() < 2) return metricTitle(metric);
  if (metric.endsWith(QLatin1String("/chosen")))
    return QCoreApplication::translate("Metric", "chosen");
  if (metric.endsWith(QLatin1String("/rejected")))
    return QCoreApplication::translate("Metric", "rejected");
  return isEvaluation(metric) ? QCoreApplication::translate("Metric", "validation")
                              : QCoreApplication::translate("Metric", "training");
}

bool isEvaluation(const QString& metric) { return metric.startsWith(QLatin1String("valid/")); }

bool isPlanned(std::string_view metric) { return metric == "lr"; }

bool isShare(std::string_view metric) {
  return metric.starts_with("mfu") || metric.ends_with("rewards/accuracies");
}

QString metricNumber(std::string_view metric, double value) {
  return isShare(metric) ? QStringLiteral("%1 %").arg(value * 100, 0, 'f', 1) : shortNumber(value);
}

Better betterOf(const QString& metric) {
  if (metric.endsWith(QLatin1String("loss"))) return Better::kLess;
  if (metric == QLatin1String("tok_s") || metric.startsWith(QLatin1String("mfu")) ||
      metric.endsWith(QLatin1String("accuracies")))
    return Better::kMore;
  return Better::kUnknown;
}

}  // namespace z2::ui
