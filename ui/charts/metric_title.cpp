#include "ui/charts/metric_title.h"

#include <QCoreApplication>

namespace z2::ui {

namespace {

constexpr const char* kContext = "Metric";

struct Known {
  const char* name;
  const char* title;
};
// In the order of the charts.
constexpr Known kKnown[] = {
    {"loss", QT_TRANSLATE_NOOP("Metric", "Loss")},
    {"valid/loss", QT_TRANSLATE_NOOP("Metric", "Validation loss")},
    {"lr", QT_TRANSLATE_NOOP("Metric", "Learning rate")},
    {"grad_norm", QT_TRANSLATE_NOOP("Metric", "Gradient norm")},
    {"tok_s", QT_TRANSLATE_NOOP("Metric", "Tokens per second")},
    {"mfu", QT_TRANSLATE_NOOP("Metric", "MFU")},
    {"mem_gb", QT_TRANSLATE_NOOP("Metric", "Memory (GB)")},
    {"rewards/accuracies", QT_TRANSLATE_NOOP("Metric", "Preference accuracy")},
    {"rewards/margins", QT_TRANSLATE_NOOP("Metric", "Reward margin")},
    {"rewards/chosen", QT_TRANSLATE_NOOP("Metric", "Reward of the chosen")},
    {"rewards/rejected", QT_TRANSLATE_NOOP("Metric", "Reward of the rejected")},
    {"logps/chosen", QT_TRANSLATE_NOOP("Metric", "Log-probability of the chosen")},
    {"logps/rejected", QT_TRANSLATE_NOOP("Metric", "Log-probability of the rejected")},
    {"step_s", QT_TRANSLATE_NOOP("Metric", "Seconds per step")},
    {"mfu_causal", QT_TRANSLATE_NOOP("Metric", "MFU (causal attention)")},
};

}  // namespace

QString metricTitle(const QString& metric) {
  for (const Known& known : kKnown)
    if (metric == QLatin1String(known.name))
      return QCoreApplication::translate(kContext, known.title);
  return metric;
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
  take({QStringLiteral("loss"), QStringLiteral("valid/loss")});
  for (const Known& known : kKnown) take({QString::fromLatin1(known.name)});
  for (const QString& metric : QStringList(rest)) take({metric});
  return charts;
}

bool isEvaluation(const QString& metric) { return metric.startsWith(QLatin1String("valid/")); }

Better betterOf(const QString& metric) {
  if (metric.endsWith(QLatin1String("loss"))) return Better::kLess;
  if (metric == QLatin1String("tok_s") || metric.startsWith(QLatin1String("mfu")) ||
      metric.endsWith(QLatin1String("accuracies")))
    return Better::kMore;
  return Better::kUnknown;
}

}  // namespace z2::ui
