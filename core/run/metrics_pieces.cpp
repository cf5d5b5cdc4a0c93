#include "core/run/metrics_pieces.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace z2 {

namespace {

constexpr uint64_t kPiece = uint64_t{1} << 20;
// Pieces a helper may be ahead.
constexpr size_t kAhead = 3;
// Read behind a piece for the rest of its last line.
constexpr size_t kRest = size_t{1} << 14;
// Longer than any record; a file of one endless line is not ours.
constexpr size_t kMaxLine = size_t{1} << 22;

}  // namespace

MetricsPieces::MetricsPieces(const FileHandle& file, std::filesystem::path path, uint64_t begin,
                             uint64_t end, size_t helpers)
    : file_(file),
      path_(std::move(path)),
      begin_(begin),
      end_(end),
      count_(static_cast<size_t>((end - begin + kPiece - 1) / kPiece)),
      ring_(1 + kAhead * helpers) {
  for (size_t i = 0; i < helpers; ++i) helpers_.emplace_back([this] { help(); });
}

MetricsPieces::~MetricsPieces() {
  {
    const std::lock_guard lock(mutex_);
    isEnding_ = true;
  }
  changed_.notify_all();
}

bool MetricsPieces::hasWork() const {
  return claimed_ < count_ && claimed_ < given_ + ring_.size();
}

void MetricsPieces::parseOne(std::unique_lock<std::mutex>& lock) {
  const size_t number = claimed_++;
  MetricsPiece& piece = ring_[number % ring_.size()];
  piece.isReady = false;
  lock.unlock();
  fill(piece, number);
  lock.lock();
  piece.isReady = true;
  changed_.notify_all();
}

void MetricsPieces::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return isEnding_ || hasWork(); });
    if (isEnding_) return;
    parseOne(lock);
  }
}

MetricsPiece* MetricsPieces::next() {
  std::unique_lock lock(mutex_);
  if (std::exchange(isLent_, false)) {
    ++given_;
    changed_.notify_all();
  }
  if (given_ == count_) return nullptr;
  MetricsPiece& wanted = ring_[given_ % ring_.size()];
  while (claimed_ <= given_ || !wanted.isReady) {
    if (hasWork())
      parseOne(lock);
    else
      changed_.wait(lock);
  }
  isLent_ = true;
  return &wanted;
}

Result<size_t> MetricsPieces::read(MetricsPiece& piece, uint64_t from, size_t held,
                                   size_t count) const {
  // Plain reads, no mapping: a run that resumes cuts a torn line off, and a page that goes away
  // under a mapping kills the reader.
  const size_t needed = held + count + MetricsLineParser::kPadding;
  if (piece.bytes.size() < needed) piece.bytes.resize(needed);
  size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(file_.fd(), piece.bytes.data() + held + done, count - done,
                                static_cast<off_t>(from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return systemError(errno, "reading", path_.native());
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

void MetricsPieces::fill(MetricsPiece& piece, size_t number) const {
  piece.text = {};
  piece.failure.reset();
  const uint64_t first = begin_ + number * kPiece;
  const uint64_t last = std::min(first + kPiece, end_);
  // A line begins behind the newline before it.
  const uint64_t from = number == 0 ? first : first - 1;
  auto count = read(piece, from, 0, static_cast<size_t>(last - from));
  if (!count) {
    piece.failure = std::move(count).error();
    return;
  }
  size_t size = *count;
  const char* const newline =
      number == 0 ? nullptr : static_cast<const char*>(std::memchr(piece.bytes.data(), '\n', size));
  const size_t start =
      number == 0
          ? 0
          : (newline == nullptr ? size : static_cast<size_t>(newline - piece.bytes.data()) + 1);
  piece.offset = from + start;
  if (start < size || number == 0) {
    // The rest of the line that goes on behind the piece.
    while (size > 0 && piece.bytes[size - 1] != '\n' && from + size < end_) {
      const size_t wanted = static_cast<size_t>(std::min<uint64_t>(kRest, end_ - (from + size)));
      auto more = read(piece, from + size, size, wanted);
      if (!more) {
        piece.failure = std::move(more).error();
        return;
      }
      const void* end = std::memchr(piece.bytes.data() + size, '\n', *more);
      if (end != nullptr) {
        size = static_cast<size_t>(static_cast<const char*>(end) - piece.bytes.data()) + 1;
        break;
      }
      size += *more;
      if (*more == 0 || size > kPiece + kMaxLine) break;
    }
  }
  const std::string_view read(piece.bytes.data() + start, size - std::min(start, size));
  const size_t end = read.rfind('\n');
  const size_t whole = end == std::string_view::npos ? 0 : end + 1;
  if (read.size() - whole > kMaxLine) {
    piece.failure = corrupt(path_.native(), "a line is longer than any record of metrics").value();
    return;
  }
  piece.text = read.substr(0, whole);
  piece.parser.parse(piece.text);
}

}  // namespace z2
