#pragma once

// A child process that is spoken to: lines to its standard input, lines from its standard output.
// Its standard error is this process's.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/line_reader.h"
#include "core/base/process.h"

namespace z2 {

// The child is in a process group of its own, so that Ctrl-C reaches the parent alone, which
// decides what it means; it should end when its input ends. Destruction closes the input and waits
// for it. `environment` is added to this process's. One thread at a time.
class PipedProcess {
 public:
  // `errors`: a file that takes its standard error instead; it is emptied first.
  [[nodiscard]] static Result<PipedProcess> spawn(
      const std::filesystem::path& program, const std::vector<std::string>& arguments,
      const std::vector<std::pair<std::string, std::string>>& environment = {},
      const std::filesystem::path& errors = {});
  PipedProcess(PipedProcess&& other) noexcept;
  PipedProcess& operator=(PipedProcess&&) = delete;
  ~PipedProcess();

  // An error when the child reads no more. writeLine adds the newline.
  [[nodiscard]] Result<void> write(std::string_view bytes);
  [[nodiscard]] Result<void> writeLine(std::string_view line);
  // As LineReader::next, of the child's output.
  [[nodiscard]] LineReader::Outcome readLine(std::string& line) { return lines_.next(line); }
  // As LineReader::isReady; and the descriptor on which to wait for it.
  [[nodiscard]] bool isReady() { return lines_.isReady(); }
  [[nodiscard]] int outputDescriptor() const { return output_; }
  void closeInput();
  // For signals from elsewhere (signalGroup); pid 0 once it was waited for.
  [[nodiscard]] ProcessId id() const {
    return {.pid = pid_, .startTicks = startTicksOf(pid_).value_or(0)};
  }
  [[nodiscard]] ProcessEnd wait();

 private:
  PipedProcess(int input, int output, int64_t pid)
      : input_(input), output_(output), pid_(pid), lines_(output) {}

  int input_ = -1;
  int output_ = -1;
  int64_t pid_ = 0;  // 0: waited for or moved from
  LineReader lines_;
};

}  // namespace z2
