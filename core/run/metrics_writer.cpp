#include "core/run/metrics_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/run/run_status.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr off_t kBlock = 65'536;

struct Tail {
  off_t size = 0;  // of the part that is whole
  uint64_t nextSequence = 0;
};

Result<std::string> readAt(const FileHandle& file, off_t from, off_t size, const fs::path& path) {
  std::string text(static_cast<size_t>(size), '\0');
  size_t got = 0;
  while (got < text.size()) {
    const ssize_t count =
        ::pread(file.fd(), text.data() + got, text.size() - got, from + static_cast<off_t>(got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path.native());
    if (count == 0) break;
    got += static_cast<size_t>(count);
  }
  text.resize(got);
  return text;
}

std::optional<uint64_t> sequenceOf(std::string_view line) {
  const auto row = parseJson(line, "metrics.jsonl");
  if (!row || !row->is_object()) return std::nullopt;
  const auto found = row->find("seq");
  if (found == row->end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<uint64_t>();
}

// The last whole row, looked for in ever larger pieces of the file's end. What follows it was torn
// by a crash.
Result<Tail> findTail(const FileHandle& file, const fs::path& path) {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  for (off_t span = std::min(kBlock, info.st_size);; span = std::min(span * 4, info.st_size)) {
    const off_t from = info.st_size - span;
    Z2_TRY(const std::string text, readAt(file, from, span, path));
    size_t end = text.size();
    while ((end = text.rfind('\n', end == 0 ? std::string::npos : end - 1)) != std::string::npos) {
      const size_t before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
      if (before == std::string::npos && from > 0) break;
      const size_t start = before == std::string::npos ? 0 : before + 1;
      if (const auto seq = sequenceOf(std::string_view(text).substr(start, end - start)))
        return Tail{.size = from + static_cast<off_t>(end) + 1, .nextSequence = *seq + 1};
      if (start == 0) break;
      end = start;
    }
    if (from == 0) return Tail{};
  }
}

}  // namespace

Result<MetricsWriter> MetricsWriter::open(const fs::path& path) {
  Z2_TRY(FileHandle file, openFile(path, O_RDWR | O_CREAT | O_APPEND));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0)
    return environmentError(path.native(), "another process is writing the metrics of this run",
                            "Stop it first: z2all run stop " + path.parent_path().native());
  Z2_TRY(const Tail tail, findTail(file, path));
  if (::ftruncate(file.fd(), tail.size) != 0) return systemError(errno, "cutting", path.native());
  return MetricsWriter(path, std::move(file), tail.nextSequence);
}

Result<void> MetricsWriter::append(int attempt, int64_t step, const Json& values) {
  Json row = {
      {"seq", nextSequence_}, {"attempt", attempt}, {"step", step}, {"time", unixSeconds()}};
  row.update(values);
  const off_t before = ::lseek(file_.fd(), 0, SEEK_END);
  if (auto written = writeAll(file_, jsonLine(row) + "\n", path_); !written) {
    [[maybe_unused]] const int ignored = before >= 0 ? ::ftruncate(file_.fd(), before) : 0;
    return written;
  }
  ++nextSequence_;
  return {};
}

}  // namespace z2
