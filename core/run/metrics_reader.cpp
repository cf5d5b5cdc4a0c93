#include "core/run/metrics_reader.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/files.h"
#include "core/run/metrics_pieces.h"

namespace z2 {

namespace {

// A poll of a live run reads little; a first one takes pieces that are worth a thread each.
constexpr size_t kBlock = size_t{1} << 20;
constexpr uint64_t kWorthThreads = uint64_t{4} << 20;
// Longer than any record; a file of one endless line is not ours.
constexpr size_t kMaxLine = size_t{1} << 22;
constexpr size_t kMaxThreads = 8;

size_t threadsOfMachine() {
  return std::clamp<size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
}

// The piece's values by the reader's numbers of metrics, in `room` where they differ.
std::span<const MetricValue> translated(MetricsPiece& piece, MetricNames& names,
                                        std::vector<MetricValue>& room) {
  const MetricNames& own = piece.parser.names();
  for (size_t number = piece.numbers.size(); number < own.size(); ++number)
    piece.numbers.push_back(names.numberOf(own[static_cast<uint32_t>(number)]));
  bool isSame = true;
  for (uint32_t number = 0; number < piece.numbers.size(); ++number)
    isSame = isSame && piece.numbers[number] == number;
  if (isSame) return piece.parser.values();
  room = piece.parser.values();
  for (MetricValue& value : room) value.metric = piece.numbers[value.metric];
  return room;
}

}  // namespace

std::optional<double> MetricsRow::number(std::string_view name) const {
  const auto metric = names == nullptr ? std::nullopt : names->find(name);
  if (!metric) return std::nullopt;
  for (const MetricValue& value : values)
    if (value.metric == *metric && !std::isnan(value.value)) return value.value;
  return std::nullopt;
}

Result<void> MetricsReader::takeLine(const ParsedLine& line, std::span<const MetricValue> values,
                                     const OnRow& onRow, const OnDamage& onDamage) {
  const auto where = [&] { return fmt::format("{}:{}", path_.native(), position_.lines + 1); };
  tl::unexpected<Error> damage(Error{});
  bool isDamaged = true;
  if (!line.isRecord) {
    damage = corrupt(where(), "this line is not a record of metrics",
                     "Only z2all-train may write this file");
  } else if (line.seq != position_.nextSequence) {
    damage = corrupt(
        where(), fmt::format("seq {} follows where {} is due", line.seq, position_.nextSequence),
        "Rows are missing or doubled: the file was edited or copied in part");
  } else {
    isDamaged = false;
  }
  if (isDamaged && !onDamage) return damage;
  if (isDamaged) onDamage(damage.value());
  if (line.isRecord) {
    onRow({.seq = line.seq,
           .attempt = line.attempt,
           .step = line.step,
           .time = line.time,
           .tokens = line.tokens,
           .values = values,
           .names = &names_,
           .line = line.text});
    ++position_.rows;
    position_.nextSequence = line.seq + 1;
  }
  ++position_.lines;
  position_.offset += line.text.size() + 1;
  return {};
}

void MetricsReader::translate(Worker& worker) {
  for (size_t number = worker.numbers.size(); number < worker.parser.names().size(); ++number)
    worker.numbers.push_back(names_.numberOf(worker.parser.names()[static_cast<uint32_t>(number)]));
  worker.values = worker.parser.values();
  for (MetricValue& value : worker.values) value.metric = worker.numbers[value.metric];
}

Result<void> MetricsReader::takeLines(std::string_view text, const OnRow& onRow,
                                      const OnDamage& onDamage) {
  if (text.empty()) return {};
  if (workers_.empty()) workers_.resize(1);
  Worker& worker = workers_.front();
  worker.parser.parse(text);
  translate(worker);
  const std::span<const MetricValue> values = worker.values;
  for (const ParsedLine& line : worker.parser.lines())
    Z2_TRY_VOID(takeLine(line, values.subspan(line.firstValue, line.values), onRow, onDamage));
  return {};
}

Result<void> MetricsReader::poll(const OnRow& onRow, const OnDamage& onDamage,
                                 const std::function<bool()>& onBlock) {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) return {};
  Z2_TRY(const FileHandle file, openFile(path_, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path_.native());
  const auto size = static_cast<uint64_t>(info.st_size);
  if (size < position_.offset)
    return corrupt(path_.native(), "the file became shorter while it was read",
                   "Read it again from its beginning");
  if (size - position_.offset >= kWorthThreads) {
    const size_t helpers = threadsOfMachine() - 1;
    std::vector<MetricValue> room;
    MetricsPieces pieces(file, path_, position_.offset, size, helpers);
    while (MetricsPiece* piece = pieces.next()) {
      if (piece->failure) return tl::unexpected(*piece->failure);
      if (piece->text.empty()) continue;
      if (piece->offset != position_.offset) return {};  // changed: the next poll sees how
      const std::span<const MetricValue> values = translated(*piece, names_, room);
      for (const ParsedLine& line : piece->parser.lines())
        Z2_TRY_VOID(takeLine(line, values.subspan(line.firstValue, line.values), onRow, onDamage));
      if (onBlock && !onBlock()) return {};
    }
  }
  // Plain reads, no mapping: a run that resumes cuts a torn line off, and a page that goes away
  // under a mapping kills the reader.
  std::vector<char> block;
  size_t held = 0;  // bytes of a line whose end has not been read
  while (true) {
    const uint64_t position = position_.offset + held;
    const uint64_t left = size > position ? size - position : 0;
    const size_t wanted =
        static_cast<size_t>(std::min<uint64_t>(std::max<uint64_t>(left, 4096), kBlock));
    if (block.size() < held + wanted + MetricsLineParser::kPadding)
      block.resize(held + wanted + MetricsLineParser::kPadding);
    const ssize_t count =
        ::pread(file.fd(), block.data() + held, wanted, static_cast<off_t>(position));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path_.native());
    if (count == 0) return {};
    const std::string_view text(block.data(), held + static_cast<size_t>(count));
    const size_t end = text.rfind('\n');
    const size_t whole = end == std::string_view::npos ? 0 : end + 1;
    Z2_TRY_VOID(takeLines(text.substr(0, whole), onRow, onDamage));
    held = text.size() - whole;
    if (held > kMaxLine)
      return corrupt(path_.native(), "a line is longer than any record of metrics");
    std::memmove(block.data(), block.data() + whole, held);
    // A part of a line alone is no progress: stopping there would begin with it again for ever.
    if (whole > 0 && onBlock && !onBlock()) return {};
  }
}

}  // namespace z2
