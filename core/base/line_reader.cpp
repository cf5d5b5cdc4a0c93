#include "core/base/line_reader.h"

#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace z2 {

namespace {
constexpr size_t kBlock = 65'536;
}

LineReader::Outcome LineReader::next(std::string& line) {
  while (!hasLine() && !isAtEnd_)
    if (!fill()) return Outcome::kSignal;
  const size_t end = buffer_.find('\n', std::exchange(searched_, 0));
  if (end == std::string::npos) {
    line = std::exchange(buffer_, {});
    return line.empty() ? Outcome::kEnd : Outcome::kLine;
  }
  line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return Outcome::kLine;
}

bool LineReader::isReady() {
  while (!hasLine() && !isAtEnd_) {
    pollfd request{fd_, POLLIN, 0};
    if (::poll(&request, 1, 0) <= 0 || !fill()) return false;
  }
  return true;
}

bool LineReader::fill() {
  searched_ = buffer_.size();
  std::array<char, kBlock> block;
  const ssize_t count = ::read(fd_, block.data(), block.size());
  if (count < 0 && errno == EINTR) return false;
  if (count <= 0)
    isAtEnd_ = true;
  else
    buffer_.append(block.data(), static_cast<size_t>(count));
  return true;
}

}  // namespace z2
