#pragma once

// Between core's UTF-8 and Qt's strings, and numbers as people read them.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <QString>

namespace z2::ui {

[[nodiscard]] inline QString toQString(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}
[[nodiscard]] inline QString pathText(const std::filesystem::path& path) {
  return toQString(std::string_view(path.native()));
}
[[nodiscard]] inline std::string toUtf8(const QString& text) { return text.toStdString(); }
[[nodiscard]] inline std::filesystem::path toPath(const QString& text) {
  return std::filesystem::path(text.toStdString());
}

// In the language of the window. An empty optional or a value that is not a number gives "–".
[[nodiscard]] QString number(int64_t value);                 // 1,234,567
[[nodiscard]] QString shortCount(double value);              // 1.24 B, 3.4 M, 812 k, 312
[[nodiscard]] QString shortNumber(std::optional<double> v);  // 3.142, 2e-4, 655 k
[[nodiscard]] QString byteSize(double bytes);                // 38.2 GB
[[nodiscard]] QString duration(double seconds);              // 45 s, 4 min, 2 h 05 min, 3 d 4 h
// ISO 8601 → local date and time; without the year in this year.
[[nodiscard]] QString whenText(const std::string& utc);

}  // namespace z2::ui
