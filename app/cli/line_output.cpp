#include "app/cli/line_output.h"

#include <cerrno>
#include <cstdio>

namespace z2::cli {

namespace {

constexpr size_t kFlushBytes = size_t{1} << 16;

}  // namespace

LineOutput::LineOutput() { text_.reserve(2 * kFlushBytes); }

Result<void> LineOutput::endLine() {
  text_ += '\n';
  if (text_.size() < kFlushBytes) return {};
  return flush();
}

Result<void> LineOutput::flush() {
  const size_t written = std::fwrite(text_.data(), 1, text_.size(), stdout);
  if (written != text_.size() || std::fflush(stdout) != 0)
    return systemError(errno, "writing", "standard output");
  text_.clear();
  return {};
}

}  // namespace z2::cli
