#pragma once

// Text that knows where each part of it came from: what a template wrote, and what was put into it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace z2::jinja {

struct Mark {
  // 0: the template itself; else what the caller gave its data (Value::text).
  uint32_t origin = 0;
  // 0: outside of {% generation %}; else the number of the block, from 1 in order of rendering.
  uint32_t generation = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

// A value type. Bytes are valid UTF-8 where they came from valid UTF-8.
class MarkedText {
 public:
  struct Run {
    size_t end = 0;  // bytes
    Mark mark;
  };

  MarkedText() = default;
  explicit MarkedText(std::string_view bytes, Mark mark = {}) { append(bytes, mark); }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool isEmpty() const { return bytes_.empty(); }
  // Without gaps, in order, no two neighbours with the same mark.
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }

  void append(std::string_view bytes, Mark mark);
  void append(const MarkedText& other);
  // Within that generation block, whatever the marks were.
  void appendGenerated(const MarkedText& other, uint32_t generation);
  [[nodiscard]] MarkedText part(size_t begin, size_t count = std::string::npos) const;
  // The mark that one character made of all of this has: the first that is not the template's.
  [[nodiscard]] Mark mainMark() const;

 private:
  std::string bytes_;
  std::vector<Run> runs_;
};

}  // namespace z2::jinja
