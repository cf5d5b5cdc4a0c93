#include "core/data/records/splitting_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/limits.h"

namespace z2 {

namespace {

constexpr uint64_t kReadBytes = uint64_t{1} << 20;
constexpr uint64_t kLeastReadBytes = uint64_t{1} << 12;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

SplittingReader::SplittingReader(std::filesystem::path path, const RecordPosition& from)
    : path_(std::move(path)), position_(from) {}

Result<std::unique_ptr<RecordReader>> SplittingReader::open(
    const std::filesystem::path& path, std::unique_ptr<RecordSplitter> splitter,
    const RecordPosition& from) {
  Z2_TRY(FileHandle file, openFile(path, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  if (!S_ISREG(info.st_mode)) return badInput(path.native(), "this is not a regular file");
  if (::lseek(file.fd(), static_cast<off_t>(from.offset), SEEK_SET) < 0)
    return systemError(errno, "seeking", path.native());
  auto reader = std::unique_ptr<SplittingReader>(new SplittingReader(path, from));
  reader->file_ = std::move(file);
  reader->splitter_ = std::move(splitter);
  const auto size = static_cast<uint64_t>(info.st_size);
  // A splitter that had seen the end is not asked again.
  reader->isAtEnd_ = from.offset > 0 && from.offset >= size;
  // A small file gets a small buffer.
  const uint64_t rest = size - std::min(size, from.offset);
  reader->readBytes_ = static_cast<size_t>(std::clamp(rest + 1, kLeastReadBytes, kReadBytes));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

Result<void> SplittingReader::fill(std::string& bytes) {
  const size_t had = bytes.size();
  bytes.resize(had + readBytes_);
  ssize_t count = 0;
  do {
    count = ::read(file_.fd(), bytes.data() + had, readBytes_);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return systemError(errno, "reading", path_.native());
  bytes.resize(had + static_cast<size_t>(count));
  isAtEnd_ = count == 0;
  return {};
}

Result<bool> SplittingReader::next(RecordBlock& block) {
  block.records.clear();
  block.bytes = std::exchange(rest_, {});
  block.start = position_;
  size_t done = 0;
  while (done == 0 && !isAtEnd_) {
    Z2_TRY_VOID(fill(block.bytes));
    std::string_view bytes = block.bytes;
    size_t mark = 0;
    if (position_.offset == 0 && bytes.starts_with(kByteOrderMark)) mark = kByteOrderMark.size();
    uint64_t line = position_.line;
    Z2_TRY(done, splitter_->split(bytes.substr(mark), isAtEnd_, line, block.records));
    for (RecordBlock::Record& record : block.records) record.begin += mark;
    if (done > 0 || isAtEnd_) {
      done += mark;
      position_.line = line;
    }
    if (done == 0 && bytes.size() > limits::kJsonLineBytes) {
      Z2_TRY_VOID(skipLongRecord(block));
      done = 0;
      break;
    }
  }
  if (block.start.offset == position_.offset && done == 0) return false;
  rest_.assign(block.bytes, done);
  block.bytes.resize(done);
  block.bytes.append(RecordBlock::kPadding, '\0');
  position_.offset += done;
  position_.record += block.records.size();
  block.end = position_;
  block.sourceBytes = position_.offset - block.start.offset;
  return true;
}

// Leaves out one record, whatever its length, and keeps what was read after it.
Result<void> SplittingReader::skipLongRecord(RecordBlock& block) {
  if (!splitter_->endsAtNewline())
    return badInput(path_.native() + ":" + std::to_string(position_.line),
                    "a record is longer than 64 MiB",
                    "Split it, or choose another --txt-unit if this is plain text");
  block.records.push_back({0, 0, position_.line, "longer than 64 MiB"});
  while (!isAtEnd_) {
    const size_t newline = block.bytes.find('\n');
    const size_t skipped = newline == std::string::npos ? block.bytes.size() : newline + 1;
    position_.offset += skipped;
    block.bytes.erase(0, skipped);
    if (newline != std::string::npos) break;
    Z2_TRY_VOID(fill(block.bytes));
  }
  ++position_.line;
  return {};
}

}  // namespace z2
