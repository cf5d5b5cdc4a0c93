#pragma once

// Lines of a file descriptor (a terminal, a pipe) that can be asked for without waiting, and whose
// waiting ends with a signal.

#include <string>

namespace z2 {

// Does not own the descriptor. One thread at a time.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}

  // kLine: `line` is the next one, without its newline. kEnd: there is none any more, or reading
  // failed. kSignal: a signal came first; nothing is lost.
  enum class Outcome { kLine, kEnd, kSignal };
  [[nodiscard]] Outcome next(std::string& line);
  // Whether next() would return at once.
  [[nodiscard]] bool isReady();

 private:
  [[nodiscard]] bool hasLine() const { return buffer_.find('\n', searched_) != std::string::npos; }
  [[nodiscard]] bool fill();  // false: a signal came

  int fd_;
  std::string buffer_;
  size_t searched_ = 0;  // no newline before it
  bool isAtEnd_ = false;
};

}  // namespace z2
