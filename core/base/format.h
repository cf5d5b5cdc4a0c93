#pragma once

// Numbers as people read them.

#include <string>

namespace z2 {

[[nodiscard]] std::string formatBytes(double bytes);  // "12.3 MB" (powers of 1000)
[[nodiscard]] std::string formatCount(double count);  // "950", "12.3 k", "1.24 M", "1.24 B"
[[nodiscard]] std::string formatDuration(
    double seconds);  // "850 ms", "42 s", "3 min 10 s", "2 h 5 min"

}  // namespace z2
