#include "ui/charts/axis_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace z2::ui {

namespace {

double niceStep(double span, int most) {
  const double rough = span / std::max(1, most);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

bool isUsable(double begin, double end) {
  return std::isfinite(begin) && std::isfinite(end) && end > begin;
}

template <typename TextOf>
std::vector<AxisTick> multiples(double begin, double end, double step, const TextOf& textOf) {
  std::vector<AxisTick> ticks;
  const double first = std::ceil(begin / step - 1e-9);
  for (int i = 0; i < 100; ++i) {
    const double value = (first + i) * step;
    if (value > end + step * 1e-9) break;
    ticks.push_back({value, textOf(std::abs(value) < step * 1e-6 ? 0 : value)});
  }
  return ticks;
}

QString fixed(double value, double resolution) {
  const int decimals =
      resolution > 0 ? static_cast<int>(std::ceil(-std::log10(resolution) - 1e-9)) : 3;
  return QString::number(value, 'f', std::clamp(decimals, 0, 6));
}

// "1.20" becomes "1.2", "1.0" becomes "1".
QString withoutZeros(QString number) {
  if (!number.contains(QLatin1Char('.'))) return number;
  while (number.endsWith(QLatin1Char('0'))) number.chop(1);
  if (number.endsWith(QLatin1Char('.'))) number.chop(1);
  return number;
}

}  // namespace

QString axisNumber(double value, double resolution) {
  if (value == 0) return QStringLiteral("0");
  const double size = std::abs(value);
  if (size < 1e-3 && resolution < 1e-3) {
    const double digits = std::ceil(std::log10(size / std::max(resolution, 1e-30)) - 1e-9);
    QString text = QString::number(value, 'e', std::clamp(static_cast<int>(digits), 0, 3));
    text.replace(QStringLiteral("e-0"), QStringLiteral("e-"));
    const qsizetype power = text.indexOf(QLatin1Char('e'));
    text = withoutZeros(text.left(power)) + text.mid(power);
    return text;
  }
  struct Unit {
    double size;
    const char16_t* name;
  };
  constexpr std::array kUnits = {Unit{1e12, u"T"}, Unit{1e9, u"B"}, Unit{1e6, u"M"},
                                 Unit{1e3, u"k"}};
  for (const Unit& unit : kUnits)
    if (size >= unit.size * 0.9999999)
      return withoutZeros(fixed(value / unit.size, std::max(resolution, size / 1e4) / unit.size)) +
             QString::fromUtf16(unit.name);
  const QString text = fixed(value, resolution);
  return size < 0.01 ? withoutZeros(text) : text;
}

QString axisDuration(double seconds, double resolution) {
  const auto whole = static_cast<long long>(std::llround(std::abs(seconds)));
  const QString sign = seconds < 0 ? QStringLiteral("−") : QString();
  if (whole < 60 && resolution < 1)
    return sign + fixed(std::abs(seconds), resolution) + QStringLiteral(" s");
  if (whole < 60) return sign + QString::number(whole) + QStringLiteral(" s");
  const auto text = [&](const QString& pattern, long long major, long long minor) {
    return QString(sign + pattern.arg(major).arg(minor, 2, 10, QLatin1Char('0')));
  };
  if (whole < 3600)
    return resolution >= 60 ? QString(sign + QStringLiteral("%1 min").arg(whole / 60))
                            : text(QStringLiteral("%1:%2"), whole / 60, whole % 60);
  if (whole < 86'400 * 2)
    return resolution >= 3600 ? QString(sign + QStringLiteral("%1 h").arg(whole / 3600))
                              : text(QStringLiteral("%1h%2"), whole / 3600, whole / 60 % 60);
  return resolution >= 86'400 ? QString(sign + QStringLiteral("%1 d").arg(whole / 86'400))
                              : text(QStringLiteral("%1 d %2h"), whole / 86'400, whole / 3600 % 24);
}

std::vector<AxisTick> linearTicks(double begin, double end, int most) {
  if (!isUsable(begin, end)) return {};
  double step = niceStep(end - begin, most);
  // One line tells no scale.
  if (most > 1 && std::floor(end / step) - std::ceil(begin / step) < 1)
    step = niceStep(end - begin, most * 2);
  return multiples(begin, end, step, [&](double value) { return axisNumber(value, step); });
}

std::vector<AxisTick> logTicks(double begin, double end, int most) {
  if (!isUsable(begin, end)) return {};
  std::vector<AxisTick> ticks;
  const int decades = static_cast<int>(std::floor(end) - std::ceil(begin)) + 1;
  if (end - begin < 0.7) {
    for (const AxisTick& tick : linearTicks(std::pow(10, begin), std::pow(10, end), most))
      if (tick.value > 0) ticks.push_back({std::log10(tick.value), tick.text});
    return ticks;
  }
  const int stride = std::max(1, (decades + most - 1) / std::max(1, most));
  const bool isDense = decades * 3 <= most;
  for (int decade = static_cast<int>(std::floor(begin)); decade <= end; ++decade) {
    if (decade % stride != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && !isDense) break;
      const double value = decade + std::log10(factor);
      const double number = factor * std::pow(10, decade);
      if (value >= begin && value <= end) ticks.push_back({value, axisNumber(number, number)});
    }
  }
  return ticks;
}

std::vector<AxisTick> timeTicks(double begin, double end, int most) {
  if (!isUsable(begin, end)) return {};
  const double rough = (end - begin) / std::max(1, most);
  double step = rough < 1 ? niceStep(end - begin, most) : 0;
  constexpr std::array kSteps = {1.,     2.,     5.,     10.,    15.,     30.,    60.,
                                 120.,   300.,   600.,   900.,   1800.,   3600.,  7200.,
                                 10800., 21600., 43200., 86400., 172800., 604800.};
  for (const double candidate : kSteps)
    if (step == 0 && candidate >= rough) step = candidate;
  if (step == 0) step = niceStep((end - begin) / 86'400, most) * 86'400;
  return multiples(begin, end, step, [&](double value) { return axisDuration(value, step); });
}

}  // namespace z2::ui
