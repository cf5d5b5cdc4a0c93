#include "ui/base/text.h"

#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace z2::ui {

namespace {

const QString kNothing = QStringLiteral("–");

QString withUnit(double value, const char* unit) {
  const int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return QLocale().toString(value, 'f', digits) + QLatin1Char(' ') + QLatin1String(unit);
}

}  // namespace

QString number(int64_t value) { return QLocale().toString(qlonglong{value}); }

QString shortCount(double value) {
  if (!std::isfinite(value)) return kNothing;
  const double size = std::abs(value);
  if (size >= 1e12) return withUnit(value / 1e12, "T");
  if (size >= 1e9) return withUnit(value / 1e9, "B");
  if (size >= 1e6) return withUnit(value / 1e6, "M");
  if (size >= 1e4) return withUnit(value / 1e3, "k");
  return QLocale().toString(value, 'f', size == std::floor(size) ? 0 : 1);
}

QString shortNumber(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return kNothing;
  const double size = std::abs(*value);
  if (size != 0 && (size < 1e-3 || size >= 1e7)) {
    const QString parts = QString::number(*value, 'e', 2);  // 2.00e-04
    const qsizetype e = parts.indexOf(QLatin1Char('e'));
    const double mantissa = parts.left(e).toDouble();
    return QString::number(mantissa) + QLatin1Char('e') + QString::number(parts.mid(e + 1).toInt());
  }
  if (size >= 1e4) return shortCount(*value);
  return QLocale::c().toString(*value, 'g', 4);
}

QString byteSize(double bytes) {
  if (!std::isfinite(bytes)) return kNothing;
  constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return unit == 0 ? QLocale().toString(bytes, 'f', 0) + QStringLiteral(" B")
                   : withUnit(bytes, kUnits[unit]);
}

QString duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return kNothing;
  const auto total = static_cast<int64_t>(std::llround(seconds));
  if (total < 90) return QCoreApplication::translate("Duration", "%1 s").arg(total);
  if (total < 90 * 60)
    return QCoreApplication::translate("Duration", "%1 min").arg((total + 30) / 60);
  const int64_t hours = total / 3600;
  if (hours < 48)
    return QCoreApplication::translate("Duration", "%1 h %2 min")
        .arg(hours)
        .arg(total % 3600 / 60, 2, 10, QLatin1Char('0'));
  return QCoreApplication::translate("Duration", "%1 d %2 h").arg(hours / 24).arg(hours % 24);
}

QString whenText(const std::string& utc) {
  const QDateTime time = QDateTime::fromString(toQString(utc), Qt::ISODate);
  if (!time.isValid()) return kNothing;
  const QDateTime here = time.toLocalTime();
  const bool isThisYear = here.date().year() == QDate::currentDate().year();
  return here.toString(isThisYear ? QStringLiteral("MM-dd HH:mm")
                                  : QStringLiteral("yyyy-MM-dd HH:mm"));
}

}  // namespace z2::ui
