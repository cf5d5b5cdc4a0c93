#include "app/cli/line_input.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace z2::cli {

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr size_t kLineBytes = size_t{1} << 30;

}  // namespace

Result<LineInput> LineInput::open(const std::string& path) {
  if (path != "-") {
    Z2_TRY(FileHandle file, openFile(path, O_RDONLY));
    return LineInput(std::move(file), path);
  }
  const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return systemError(errno, "opening", "standard input");
  return LineInput(FileHandle(fd), "standard input");
}

Result<bool> LineInput::fill() {
  while (!isAtEnd_) {
    const size_t have = buffer_.size();
    buffer_.resize(have + kBlockBytes);
    const ssize_t count = ::read(file_.fd(), buffer_.data() + have, kBlockBytes);
    buffer_.resize(have + static_cast<size_t>(count > 0 ? count : 0));
    if (count > 0) return true;
    if (count == 0) isAtEnd_ = true;
    if (count < 0 && errno != EINTR) return systemError(errno, "reading", path_.native());
  }
  return false;
}

Result<std::optional<std::string_view>> LineInput::next() {
  size_t searched = at_;
  while (true) {
    const size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      const std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
      at_ = end + 1;
      ++line_;
      return line;
    }
    buffer_.erase(0, std::exchange(at_, 0));
    searched = buffer_.size();
    if (searched > kLineBytes)
      return badInput(path_.native() + ":" + std::to_string(line_ + 1),
                      "this line is longer than 1 GiB");
    Z2_TRY(const bool isRead, fill());
    if (isRead) continue;
    if (buffer_.empty()) return std::nullopt;
    at_ = buffer_.size();
    ++line_;
    return std::string_view(buffer_);
  }
}

Result<std::string> LineInput::rest() {
  buffer_.erase(0, std::exchange(at_, 0));
  while (true) {
    Z2_TRY(const bool isRead, fill());
    if (!isRead) return std::exchange(buffer_, {});
  }
}

std::string LineInput::where() const { return path_.native() + ":" + std::to_string(line_); }

}  // namespace z2::cli
