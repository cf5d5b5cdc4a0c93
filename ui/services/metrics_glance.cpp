#include "ui/services/metrics_glance.h"

#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/files.h"

namespace z2::ui {

namespace {

constexpr size_t kParts = 64;
constexpr uint64_t kReadWhole = 256 << 10;  // longer than this: sampled
constexpr uint64_t kTail = 64 << 10;        // of a sampled file, for the newest figures
constexpr size_t kProbe = 4 << 10;          // holds a whole record

// The number of `"name":` in a record as metrics are written: one flat object a line. Found by its
// text, which is ten times as quick as parsing the record; NaN and other words are no number.
std::optional<double> numberIn(std::string_view line, std::string_view quotedName) {
  const size_t at = line.find(quotedName);
  if (at == std::string_view::npos) return std::nullopt;
  size_t start = at + quotedName.size();
  while (start < line.size() && (line[start] == ' ' || line[start] == ':')) ++start;
  double value = 0;
  const char* end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data() + start, end, value);
  if (error != std::errc() || rest == line.data() + start || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string readPart(int file, uint64_t offset, uint64_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

}  // namespace

bool MetricsGlance::look(const std::filesystem::path& path) {
  const auto file = openFile(path, O_RDONLY);
  struct ::stat status = {};
  if (!file || ::fstat(file->fd(), &status) != 0) {
    const bool had = loss_.has_value();
    forget();
    return had;
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  if (status.st_ino != inode_ || size < read_) forget();
  inode_ = status.st_ino;
  if (size == read_) return false;
  if (size - read_ > kReadWhole) {
    forget();
    inode_ = status.st_ino;
    sample(file->fd(), size);
    readFrom(file->fd(), size - kTail, size);
  } else {
    readFrom(file->fd(), read_, size);
  }
  return true;
}

void MetricsGlance::forget() { *this = MetricsGlance(); }

void MetricsGlance::readFrom(int file, uint64_t offset, uint64_t end) {
  const std::string bytes = readPart(file, offset, end - offset);
  size_t start = 0;
  for (size_t stop = bytes.find('\n'); stop != std::string::npos; stop = bytes.find('\n', start)) {
    takeLine(std::string_view(bytes).substr(start, stop - start));
    start = stop + 1;
  }
  read_ = offset + start;  // a line without its end is read again when it has one
}

void MetricsGlance::sample(int file, uint64_t size) {
  for (size_t i = 0; i < kParts; ++i) {
    const uint64_t offset = (size - kTail) / kParts * i;
    const std::string bytes = readPart(file, offset, kProbe);
    const size_t start = i == 0 ? 0 : bytes.find('\n') + 1;  // npos + 1 is the start
    const size_t stop = bytes.find('\n', start);
    if (stop != std::string::npos) takeLine(std::string_view(bytes).substr(start, stop - start));
  }
}

void MetricsGlance::takeLine(std::string_view line) {
  const auto step = numberIn(line, "\"step\"");
  const auto loss = numberIn(line, "\"loss\"");
  if (loss) loss_ = loss;
  if (const auto valid = numberIn(line, "\"valid/loss\"")) validLoss_ = valid;
  if (const auto rate = numberIn(line, "\"tok_s\"")) tokensPerSecond_ = rate;
  if (const auto mfu = numberIn(line, "\"mfu\"")) mfu_ = mfu;
  if (step && loss && *step >= 0 && *step < 1e15) addLoss(static_cast<int64_t>(*step), *loss);
}

void MetricsGlance::addLoss(int64_t step, double loss) {
  while (step / stepsPerPart_ >= static_cast<int64_t>(kParts)) {
    for (size_t i = 0; 2 * i < parts_.size(); ++i) {
      const Part second = 2 * i + 1 < parts_.size() ? parts_[2 * i + 1] : Part();
      parts_[i] = {parts_[2 * i].sum + second.sum, parts_[2 * i].count + second.count};
    }
    parts_.resize((parts_.size() + 1) / 2);
    stepsPerPart_ *= 2;
  }
  const auto part = static_cast<size_t>(step / stepsPerPart_);
  // A run that went back to a checkpoint: what was rolled back is gone.
  if (part + 1 < parts_.size()) parts_.resize(part + 1);
  if (part >= parts_.size()) parts_.resize(part + 1);
  parts_[part].sum += loss;
  ++parts_[part].count;
}

std::vector<float> MetricsGlance::spark() const {
  std::vector<float> points;
  for (const Part& part : parts_)
    if (part.count > 0)
      points.push_back(static_cast<float>(part.sum / static_cast<double>(part.count)));
  return points;
}

}  // namespace z2::ui
