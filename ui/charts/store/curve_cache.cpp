#include "ui/charts/store/curve_cache.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/checksum.h"
#include "core/io/files.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::array<char, 8> kMagic = {'Z', '2', 'C', 'U', 'R', 'V', 'E', '1'};
constexpr size_t kAlignment = 8;
constexpr size_t kWriteBuffer = size_t{1} << 20;
constexpr size_t kSamples = 64;
constexpr size_t kSampleSize = 4096;

// What the metrics file was when it was read up to `offset`.
struct Identity {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t offset = 0;
  int64_t modified = 0;  // nanoseconds
  std::array<char, 32> samples = {};
};

struct Header {
  std::array<char, 8> magic = kMagic;
  Identity source;
  MetricsPosition position;
  uint64_t payload = 0;  // bytes behind the header
  std::array<char, 32> checksum = {};
};
static_assert(std::is_trivially_copyable_v<Header> && sizeof(Header) % kAlignment == 0);

struct TableHeader {
  uint64_t rows = 0;
  double origin = 0;
  uint64_t series = 0;
};

std::array<char, 32> toArray(const std::string& hex) {
  std::array<char, 32> digits = {};
  std::copy_n(hex.data(), std::min(hex.size(), digits.size()), digits.data());
  return digits;
}

template <typename T>
std::span<const std::byte> bytesOf(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

// Bytes at places spread over the first `size` ones, its very end among them.
Result<std::array<char, 32>> sample(const FileHandle& file, uint64_t size, const fs::path& path) {
  Checksum sum;
  std::array<std::byte, kSampleSize> block;
  const uint64_t last = size > kSampleSize ? size - kSampleSize : 0;
  for (size_t i = 0; i <= kSamples; ++i) {
    const uint64_t at = last / kSamples * i + (i == kSamples ? last % kSamples : 0);
    const auto wanted = static_cast<size_t>(std::min<uint64_t>(kSampleSize, size - at));
    const ssize_t count = ::pread(file.fd(), block.data(), wanted, static_cast<off_t>(at));
    if (count < 0) return systemError(errno, "reading", path.native());
    sum.add(std::span(block).first(static_cast<size_t>(count)));
  }
  return toArray(sum.hex());
}

// `size`: of the file now.
Result<Identity> identify(const fs::path& path, uint64_t offset, uint64_t& size) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return systemError(errno, "reading", path.native());
  size = static_cast<uint64_t>(info.st_size);
  Identity identity{.device = info.st_dev,
                    .inode = info.st_ino,
                    .offset = offset,
                    .modified = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
  Z2_TRY(identity.samples, sample(file, std::min(offset, size), path));
  return identity;
}

// Sections of bytes, each with its count before it and padded, so that numbers lie where the
// machine wants them.
class Writer {
 public:
  explicit Writer(const FileHandle& file, const fs::path& path) : file_(file), path_(path) {
    buffer_.reserve(kWriteBuffer);
  }

  template <typename T>
  void put(const T& value) {
    add(bytesOf(value));
    pad();
  }
  template <typename T>
  void putSpan(std::span<const T> values) {
    put(static_cast<uint64_t>(values.size()));
    add(std::as_bytes(values));
    pad();
  }
  void putText(std::string_view text) { putSpan(std::span<const char>(text)); }
  template <typename T>
  void putColumn(const ChunkedColumn<T>& column) {
    put(static_cast<uint64_t>(column.size()));
    for (size_t i = 0; i < column.size();) {
      const std::span<const T> stretch = column.stretch(i);
      add(std::as_bytes(stretch));
      i += stretch.size();
    }
    pad();
  }
  [[nodiscard]] Result<void> finish() {
    flush();
    return outcome_;
  }
  [[nodiscard]] uint64_t written() const { return written_; }
  [[nodiscard]] std::string checksum() const { return sum_.hex(); }

 private:
  void add(std::span<const std::byte> bytes) {
    sum_.add(bytes);
    written_ += bytes.size();
    if (buffer_.size() + bytes.size() > kWriteBuffer) flush();
    buffer_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void pad() {
    constexpr std::array<std::byte, kAlignment> kZeros = {};
    add(std::span(kZeros).first((kAlignment - written_ % kAlignment) % kAlignment));
  }
  void flush() {
    if (outcome_) outcome_ = writeAll(file_, buffer_, path_);
    buffer_.clear();
  }

  const FileHandle& file_;
  const fs::path& path_;
  std::string buffer_;
  Checksum sum_;
  uint64_t written_ = 0;
  Result<void> outcome_;
};

// Whatever does not fit into the bytes that are left makes it bad for good.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  [[nodiscard]] bool isGood() const { return isGood_; }
  template <typename T>
  T get() {
    T value{};
    const auto bytes = take(sizeof(T));
    if (isGood_) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  template <typename T>
  std::span<const T> getSpan() {
    const auto count = get<uint64_t>();
    if (count > bytes_.size() / sizeof(T)) isGood_ = false;
    const auto bytes = take(isGood_ ? count * sizeof(T) : 0);
    return {reinterpret_cast<const T*>(bytes.data()), isGood_ ? count : 0};
  }
  template <typename T>
  std::vector<T> getVector() {
    const auto values = getSpan<T>();
    return {values.begin(), values.end()};
  }
  std::string getText() {
    const auto text = getSpan<char>();
    return {text.begin(), text.end()};
  }
  template <typename T>
  ChunkedColumn<T> getColumn() {
    ChunkedColumn<T> column;
    column.adopt(getSpan<T>(), owner_);
    return column;
  }
  // A count of parts that follow, each of at least one count.
  uint64_t getCount() {
    const auto count = get<uint64_t>();
    if (count > bytes_.size() / sizeof(uint64_t)) isGood_ = false;
    return isGood_ ? count : 0;
  }

 private:
  std::span<const std::byte> take(uint64_t size) {
    const uint64_t padded = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (!isGood_ || padded > bytes_.size()) {
      isGood_ = false;
      return {};
    }
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(padded);
    return taken;
  }

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  bool isGood_ = true;
};

void putIntegers(Writer& writer, const CurveTable& table,
                 int64_t (CurveTable::*at)(uint32_t) const) {
  std::vector<int64_t> values(table.rows());
  for (uint32_t row = 0; row < table.rows(); ++row) values[row] = (table.*at)(row);
  writer.putSpan(std::span<const int64_t>(values));
}

void putTable(Writer& writer, const CurveTable& table) {
  uint64_t count = 0;
  for (uint32_t metric = 0; metric < table.metrics(); ++metric)
    count += table.series(metric) != nullptr ? 1 : 0;
  writer.put(TableHeader{.rows = table.rows(), .origin = table.origin(), .series = count});
  writer.putColumn(table.times());
  putIntegers(writer, table, &CurveTable::step);
  putIntegers(writer, table, &CurveTable::tokens);
  writer.putSpan(table.attempts());
  for (uint32_t metric = 0; metric < table.metrics(); ++metric) {
    const CurveSeries* series = table.series(metric);
    if (series == nullptr) continue;
    writer.put(uint64_t{metric});
    writer.putSpan(series->strides());
    writer.putSpan(series->gaps());
    writer.putColumn(series->raw().values);
    const auto& levels = series->raw().pyramid.levels();
    writer.put(static_cast<uint64_t>(levels.size()));
    for (const auto& level : levels) writer.putColumn(level);
  }
}

bool getSeries(Reader& reader, CurveTable& table, uint64_t metrics) {
  const auto metric = reader.get<uint64_t>();
  auto strides = reader.getVector<CurveSeries::Stride>();
  auto gaps = reader.getVector<Stretch>();
  CurveSeries::Curve raw;
  raw.values = reader.getColumn<float>();
  std::vector<ChunkedColumn<MinMaxPyramid::Node>> levels(std::min<uint64_t>(reader.getCount(), 16));
  size_t size = raw.values.size();
  for (auto& level : levels) {
    level = reader.getColumn<MinMaxPyramid::Node>();
    if (level.size() != (size /= MinMaxPyramid::kFanOut)) return false;
  }
  if (!reader.isGood() || metric >= metrics || raw.values.size() > table.rows() ||
      strides.empty() != (raw.values.size() == 0))
    return false;
  raw.pyramid.adopt(std::move(levels));
  table.makeSeries(static_cast<uint32_t>(metric))
      .adopt(std::move(raw), std::move(strides), std::move(gaps));
  return true;
}

bool getTable(Reader& reader, CurveTable& table, uint64_t metrics) {
  const auto header = reader.get<TableHeader>();
  ChunkedColumn<double> times = reader.getColumn<double>();
  IntegerColumn steps;
  IntegerColumn tokens;
  for (const int64_t step : reader.getSpan<int64_t>()) steps.push(step);
  for (const int64_t count : reader.getSpan<int64_t>()) tokens.push(count);
  auto attempts = reader.getVector<CurveTable::Attempt>();
  if (!reader.isGood() || times.size() != header.rows || steps.size() != header.rows ||
      tokens.size() != header.rows || header.rows > UINT32_MAX)
    return false;
  table.adoptRows(std::move(times), std::move(steps), std::move(tokens), std::move(attempts),
                  header.origin);
  for (uint64_t i = 0; i < header.series; ++i)
    if (!getSeries(reader, table, metrics)) return false;
  return true;
}

std::optional<RunCurves> getCurves(Reader& reader) {
  RunCurves::Saved saved;
  for (uint64_t i = 0, names = reader.getCount(); i < names; ++i)
    saved.names.numberOf(reader.getText());
  const auto attempt = reader.get<int64_t>();
  const auto lastStep = reader.get<int64_t>();
  saved.damageCount = reader.get<uint64_t>();
  for (uint64_t i = 0, kept = reader.getCount(); i < kept; ++i) {
    Error damage;
    damage.code = ErrorCode::kCorrupt;
    damage.where = reader.getText();
    damage.what = reader.getText();
    damage.fix = reader.getText();
    saved.damages.push_back(std::move(damage));
  }
  if (!reader.isGood() || !getTable(reader, saved.current, saved.names.size())) return std::nullopt;
  if (saved.current.rows() > 0) saved.rule.take(static_cast<int>(attempt), lastStep);
  saved.superseded.resize(std::min<uint64_t>(reader.getCount(), 1 << 20));
  for (CurveTable& table : saved.superseded)
    if (!getTable(reader, table, saved.names.size())) return std::nullopt;
  return reader.isGood() ? std::optional<RunCurves>(std::move(saved)) : std::nullopt;
}

void putCurves(Writer& writer, const RunCurves& curves) {
  writer.put(static_cast<uint64_t>(curves.names().size()));
  for (uint32_t i = 0; i < curves.names().size(); ++i) writer.putText(curves.names()[i]);
  writer.put(int64_t{curves.rule().attempt()});
  writer.put(curves.rule().lastStep());
  writer.put(curves.damageCount());
  writer.put(static_cast<uint64_t>(curves.damages().size()));
  for (const Error& damage : curves.damages())
    for (const std::string* text : {&damage.where, &damage.what, &damage.fix})
      writer.putText(*text);
  putTable(writer, curves.current());
  writer.put(static_cast<uint64_t>(curves.superseded().size()));
  for (const CurveTable& table : curves.superseded()) putTable(writer, table);
}

}  // namespace

Result<void> saveCurves(const fs::path& cache, const RunCurves& curves,
                        const MetricsPosition& position, const fs::path& metrics) {
  Header header;
  header.position = position;
  uint64_t size = 0;
  Z2_TRY(header.source, identify(metrics, position.offset, size));
  const fs::path draft = cache.native() + fmt::format(".{}.tmp", ::getpid());
  Z2_TRY(FileHandle file, openFile(draft, O_WRONLY | O_CREAT | O_TRUNC));
  const auto outcome = [&]() -> Result<void> {
    Z2_TRY_VOID(writeAll(file, std::string(sizeof(Header), '\0'), draft));
    Writer writer(file, draft);
    putCurves(writer, curves);
    Z2_TRY_VOID(writer.finish());
    header.payload = writer.written();
    header.checksum = toArray(writer.checksum());
    if (::pwrite(file.fd(), &header, sizeof(header), 0) != static_cast<ssize_t>(sizeof(header)))
      return systemError(errno, "writing", draft.native());
    Z2_TRY_VOID(file.close(draft));
    if (::rename(draft.c_str(), cache.c_str()) != 0)
      return systemError(errno, "renaming", draft.native());
    return {};
  }();
  std::error_code ignored;
  if (!outcome) fs::remove(draft, ignored);
  return outcome;
}

std::optional<CachedCurves> loadCurves(const fs::path& cache, const fs::path& metrics) {
  auto mapped = MappedFile::open(cache);
  if (!mapped) return std::nullopt;
  const auto file = std::make_shared<const MappedFile>(*std::move(mapped));
  const std::span<const std::byte> bytes = file->bytes();
  Header header;
  if (bytes.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const auto payload = bytes.subspan(sizeof(header));
  if (header.magic != kMagic || header.payload != payload.size() ||
      header.source.offset != header.position.offset)
    return std::nullopt;
  uint64_t size = 0;
  const auto now = identify(metrics, header.source.offset, size);
  if (!now || now->device != header.source.device || now->inode != header.source.inode ||
      size < header.source.offset || now->samples != header.source.samples ||
      (size == header.source.offset && now->modified != header.source.modified))
    return std::nullopt;
  if (toArray(checksumOf(payload)) != header.checksum) return std::nullopt;
  Reader reader(payload, file);
  auto curves = getCurves(reader);
  if (!curves) return std::nullopt;
  return CachedCurves{.curves = *std::move(curves), .position = header.position};
}

}  // namespace z2::ui
