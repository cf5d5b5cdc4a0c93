#pragma once

// Where an axis has its lines and how they are called: round values, short texts.

#include <vector>

#include <QString>

namespace z2::ui {

struct AxisTick {
  double value = 0;
  QString text;
};

// Multiples of 1, 2 or 5 times a power of ten, at most `most` (and at least one) in [begin, end].
[[nodiscard]] std::vector<AxisTick> linearTicks(double begin, double end, int most);
// For an axis of decimal logarithms: whole powers of ten, with 2 and 5 where few fit; a stretch
// within a decade gets linear ones.
[[nodiscard]] std::vector<AxisTick> logTicks(double begin, double end, int most);
// For seconds: whole seconds, minutes, hours, days.
[[nodiscard]] std::vector<AxisTick> timeTicks(double begin, double end, int most);

// "1.2k", "3.4M", "2e-4"; `resolution`: the difference that must still be seen.
[[nodiscard]] QString axisNumber(double value, double resolution);
// "45 s", "12:30 min", "3 h 20": of a duration in seconds, to the resolution of the axis.
[[nodiscard]] QString axisDuration(double seconds, double resolution);

}  // namespace z2::ui
