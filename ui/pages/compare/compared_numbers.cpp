#include "ui/pages/compare/compared_numbers.h"

#include <algorithm>
#include <cmath>

#include <QLocale>

#include "core/config/schema.h"
#include "ui/base/text.h"
#include "ui/charts/metric_title.h"
#include "ui/pages/run/detail_rows.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

struct Numbers {
  size_t points = 0;
  double last = NAN;
  Extremes extremes;
  double best = NAN;
  int64_t bestStep = 0;
};

// The index of `value`, which is an extreme of the curve: by halves, so that nothing is scanned.
size_t indexOf(const CurveSeries::Curve& curve, size_t size, float value, bool isLeast) {
  size_t begin = 0;
  size_t end = size;
  while (end - begin > 1) {
    const size_t middle = begin + (end - begin) / 2;
    const Extremes left = curve.extremes(begin, middle);
    const bool isLeft = !left.isEmpty() && (isLeast ? left.least : left.greatest) == value;
    (isLeft ? end : begin) = middle;
  }
  return begin;
}

Numbers numbersOf(const ComparedRun& run, const QString& metric) {
  Numbers numbers;
  const auto lock = run.source->lock();
  const RunCurves& curves = run.source->curves();
  const CurveSeries* series = curves.series(toUtf8(metric));
  if (series == nullptr || series->size() == 0) return numbers;
  numbers.points = series->size();
  numbers.last = series->raw().values[series->size() - 1];
  numbers.extremes = series->raw().extremes(0, series->size());
  const Better better = betterOf(metric);
  if (better == Better::kUnknown || numbers.extremes.isEmpty()) return numbers;
  const bool isLeast = better == Better::kLess;
  const float best = isLeast ? numbers.extremes.least : numbers.extremes.greatest;
  numbers.best = best;
  numbers.bestStep =
      curves.current().step(series->rowOf(indexOf(series->raw(), series->size(), best, isLeast)));
  return numbers;
}

TableCell number(const std::string& metric, double value) {
  const bool isThere = std::isfinite(value);
  return {.text = isThere ? metricNumber(metric, value) : QStringLiteral("–"),
          .sort = isThere ? value : 1e300,
          .isNumber = true};
}

}  // namespace

QString differenceText(double value, double base, std::string_view metric) {
  const double difference = value - base;
  if (!std::isfinite(difference)) return QStringLiteral("–");
  const auto sign = [](double d) { return d < 0 ? QStringLiteral("−") : QStringLiteral("+"); };
  QString text = sign(difference) + metricNumber(metric, std::abs(difference));
  if (base != 0)
    text +=
        QStringLiteral(" (%1%2 %)")
            .arg(sign(difference), QLocale().toString(std::abs(difference / base) * 100, 'f', 1));
  return text;
}

std::vector<TableRow> numberRows(const std::vector<ComparedRun>& runs, const QStringList& metrics,
                                 size_t baseline) {
  std::vector<TableRow> rows;
  for (const QString& metric : metrics) {
    const std::string key = toUtf8(metric);
    std::vector<Numbers> all;
    for (const ComparedRun& run : runs) all.push_back(numbersOf(run, metric));
    for (size_t i = 0; i < runs.size(); ++i) {
      const Numbers& of = all[i];
      if (of.points == 0) continue;
      const bool isBase = i == baseline;
      const double base = baseline < all.size() ? all[baseline].last : NAN;
      TableCell difference = number(key, isBase ? NAN : of.last - base);
      difference.text = isBase ? QString() : differenceText(of.last, base, key);
      const bool hasBest = std::isfinite(of.best);
      rows.push_back(
          {{.text = metricTitle(metric), .toolTip = metric},
           {.text = runs[i].title, .isBold = isBase, .color = curveColor(static_cast<int>(i))},
           number(key, of.last),
           difference,
           number(key, of.best),
           {.text = hasBest ? QLocale().toString(qlonglong{of.bestStep}) : QString(),
            .sort = qlonglong{of.bestStep},
            .isNumber = true},
           number(key, of.extremes.isEmpty() ? NAN : of.extremes.least),
           number(key, of.extremes.isEmpty() ? NAN : of.extremes.greatest),
           {.text = QLocale().toString(qulonglong{of.points}),
            .sort = qulonglong{of.points},
            .isNumber = true}});
    }
  }
  return rows;
}

std::vector<TableRow> differenceRows(const std::vector<ComparedRun>& runs, size_t baseline,
                                     bool onlyDifferences) {
  std::vector<TableRow> rows;
  const auto valueOf = [&](const ComparedRun& run, std::string_view key) -> Json {
    for (const ConfigRow& row : run.details->config)
      if (row.key == key) return row.value;
    return {};
  };
  const Language language =
      QLocale().language() == QLocale::Chinese ? Language::kChinese : Language::kEnglish;
  for (const Field& field : schema()) {
    std::vector<Json> values;
    for (const ComparedRun& run : runs)
      values.push_back(run.details != nullptr ? valueOf(run, field.key) : Json());
    const bool isSame = std::all_of(values.begin(), values.end(),
                                    [&](const Json& value) { return value == values.front(); });
    const bool isNone = std::all_of(values.begin(), values.end(),
                                    [](const Json& value) { return value.is_null(); });
    if (isNone || (isSame && onlyDifferences)) continue;
    TableRow row = {{.text = toQString(field.label.in(language)),
                     .toolTip = toQString(field.help.in(language))},
                    {.text = toQString(field.key)}};
    for (const Json& value : values)
      row.push_back({.text = valueText(value),
                     .toolTip = valueText(value),
                     .isBold = baseline < values.size() && value != values[baseline]});
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace z2::ui
