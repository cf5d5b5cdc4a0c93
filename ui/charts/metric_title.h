#pragma once

// Metrics by the names that people use, and the order in which charts show them.

#include <string_view>

#include <QString>
#include <QStringList>

namespace z2::ui {

// "Loss", "Learning rate", …; a name that is not known stays as it is.
[[nodiscard]] QString metricTitle(const QString& metric);
// The charts of these metrics: the metrics of each, the most important chart first. What is best
// read together shares one: loss and validation loss, the rewards of chosen and rejected answers.
[[nodiscard]] QList<QStringList> chartsOf(const QStringList& metrics);
// Of one of these charts: "Rewards".
[[nodiscard]] QString chartTitle(const QStringList& chart);
// Of a curve beside the others of its chart: "chosen".
[[nodiscard]] QString curveLabel(const QString& metric, const QStringList& chart);
// Whether the values come seldom, from evaluations: drawn with dots, never smoothed.
[[nodiscard]] bool isEvaluation(const QString& metric);
// Whether it follows from the plan, as the learning rate does: never smoothed.
[[nodiscard]] bool isPlanned(std::string_view metric);
// Whether it is a share of one, told in percent: MFU.
[[nodiscard]] bool isShare(std::string_view metric);
// A value as it is read: "26.7 %", "0.0123".
[[nodiscard]] QString metricNumber(std::string_view metric, double value);
// Whether less is better, more is better, or neither can be said.
enum class Better { kLess, kMore, kUnknown };
[[nodiscard]] Better betterOf(const QString& metric);

}  // namespace z2::ui
