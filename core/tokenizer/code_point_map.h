#pragma once

// Code point -> number, -1 where there is none: pages of 256, made where needed.

#include <array>
#include <cstdint>
#include <vector>

namespace z2 {

class CodePointMap {
 public:
  CodePointMap() { values_.assign(256, -1); }

  // `codePoint` is at most U+10FFFF.
  [[nodiscard]] int32_t at(char32_t codePoint) const {
    return values_[size_t{pages_[codePoint >> 8]} << 8 | (codePoint & 0xFF)];
  }
  void set(char32_t codePoint, int32_t value) {
    uint16_t& page = pages_[codePoint >> 8];
    if (page == 0) {
      page = static_cast<uint16_t>(values_.size() >> 8);
      values_.resize(values_.size() + 256, -1);
    }
    values_[size_t{page} << 8 | (codePoint & 0xFF)] = value;
  }

 private:
  std::array<uint16_t, 0x1100> pages_{};  // page 0 is empty
  std::vector<int32_t> values_;
};

}  // namespace z2
