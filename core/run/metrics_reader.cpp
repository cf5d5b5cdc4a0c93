#include "core/run/metrics_reader.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/files.h"

namespace z2 {

namespace {

constexpr size_t kBlock = size_t{1} << 18;
// Longer than any record; a file of one endless line is not ours.
constexpr size_t kMaxLine = size_t{1} << 22;

}  // namespace

Result<void> MetricsReader::takeLine(std::string_view line, const OnRow& onRow) {
  const auto where = [&] { return fmt::format("{}:{}", path_.native(), nextSequence_ + 1); };
  const auto parsed = parseJson(line, "");
  const auto holds = [&](const char* name, bool (Json::*isOfType)() const noexcept) {
    const auto found = parsed->find(name);
    return found != parsed->end() && ((*found).*isOfType)();
  };
  if (!parsed || !parsed->is_object() || !holds("seq", &Json::is_number_unsigned) ||
      !holds("attempt", &Json::is_number_integer) || !holds("step", &Json::is_number_integer))
    return corrupt(where(), "this line is not a record of metrics",
                   "Only z2all-train may write this file");
  MetricsRow row{.seq = parsed->at("seq").get<uint64_t>(),
                 .attempt = parsed->at("attempt").get<int>(),
                 .step = parsed->at("step").get<int64_t>(),
                 .time = holds("time", &Json::is_number) ? parsed->at("time").get<double>() : 0,
                 .values = *parsed,
                 .line = line};
  if (row.seq != nextSequence_)
    return corrupt(where(), fmt::format("seq {} follows where {} is due", row.seq, nextSequence_),
                   "Rows are missing or doubled: the file was edited or copied in part");
  onRow(row);
  ++nextSequence_;
  offset_ += line.size() + 1;
  return {};
}

Result<void> MetricsReader::poll(const OnRow& onRow) {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) return {};
  Z2_TRY(const FileHandle file, openFile(path_, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path_.native());
  if (static_cast<uint64_t>(info.st_size) < offset_)
    return corrupt(path_.native(), "the file became shorter while it was read",
                   "Read it again from its beginning");
  std::string pending;
  std::string block(kBlock, '\0');
  uint64_t position = offset_;
  while (true) {
    const ssize_t count =
        ::pread(file.fd(), block.data(), block.size(), static_cast<off_t>(position));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path_.native());
    if (count == 0) return {};
    position += static_cast<uint64_t>(count);
    pending.append(block, 0, static_cast<size_t>(count));
    size_t start = 0;
    for (size_t end = 0; (end = pending.find('\n', start)) != std::string::npos; start = end + 1)
      Z2_TRY_VOID(takeLine(std::string_view(pending).substr(start, end - start), onRow));
    pending.erase(0, start);
    if (pending.size() > kMaxLine)
      return corrupt(path_.native(), "a line is longer than any record of metrics");
  }
}

}  // namespace z2
