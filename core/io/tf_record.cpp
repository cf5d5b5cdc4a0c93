#include "core/io/tf_record.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/io/crc32c.h"

namespace z2 {

namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kHeaderBytes = kLengthBytes + kChecksumBytes;

// A checksum over bytes that hold checksums would be weak, so the stored one is rotated and
// shifted.
uint32_t maskedChecksum(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xA282EAD8U;
}

template <typename T>
T read(std::string_view bytes) {
  T value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

bool TfRecordReader::isStart(std::string_view bytes) {
  return bytes.size() >= kHeaderBytes && read<uint32_t>(bytes.substr(kLengthBytes)) ==
                                             maskedChecksum(bytes.substr(0, kLengthBytes));
}

Result<bool> TfRecordReader::next() {
  const std::string_view rest = file_.substr(offset_);
  if (rest.size() < kHeaderBytes) return false;
  const auto damaged = [&](std::string_view what) {
    return corrupt(std::string(where_),
                   fmt::format("the record at byte {} is damaged: {}", offset_, what));
  };
  if (!isStart(rest)) return damaged("the checksum of its length does not fit");
  const auto length = read<uint64_t>(rest);
  if (length > rest.size() - kHeaderBytes || rest.size() - kHeaderBytes - length < kChecksumBytes)
    return false;
  const std::string_view record = rest.substr(kHeaderBytes, length);
  if (read<uint32_t>(rest.substr(kHeaderBytes + length)) != maskedChecksum(record))
    return damaged(fmt::format("the checksum of its {} bytes does not fit", length));
  record_ = record;
  recordStart_ = offset_;
  offset_ += kHeaderBytes + length + kChecksumBytes;
  return true;
}

void appendTfRecord(std::string& out, std::string_view record) {
  const size_t start = out.size();
  append(out, uint64_t{record.size()});
  append(out, maskedChecksum(std::string_view(out).substr(start)));
  out += record;
  append(out, maskedChecksum(record));
}

}  // namespace z2
