#include "core/io/wire_format.h"

#include <bit>
#include <cstdint>
#include <string_view>

namespace z2 {

bool WireReader::fail() {
  isBroken_ = true;
  rest_ = {};
  return false;
}

bool WireReader::readVarint(uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool WireReader::readFixed(size_t count) {
  if (rest_.size() < count) return false;
  number_ = 0;
  for (size_t i = count; i-- > 0;) number_ = number_ << 8 | static_cast<uint8_t>(rest_[i]);
  rest_.remove_prefix(count);
  return true;
}

bool WireReader::next() {
  if (rest_.empty()) return false;
  uint64_t key = 0;
  if (!readVarint(key) || key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) return fail();
  field_ = static_cast<uint32_t>(key >> 3);
  type_ = static_cast<uint32_t>(key & 7);
  number_ = 0;
  bytes_ = {};
  if (type_ == kVarint) return readVarint(number_) || fail();
  if (type_ == kFixed64) return readFixed(8) || fail();
  if (type_ == kFixed32) return readFixed(4) || fail();
  uint64_t length = 0;
  if (type_ != kBytes || !readVarint(length) || length > rest_.size()) return fail();
  bytes_ = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

void WireWriter::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_ += static_cast<char>((value & 0x7F) | 0x80);
  out_ += static_cast<char>(value);
}

void WireWriter::putVarint(uint32_t field, uint64_t value) {
  varint(uint64_t{field} << 3);
  varint(value);
}

void WireWriter::fixed(uint64_t bits, int count) {
  for (int shift = 0; shift < 8 * count; shift += 8)
    out_ += static_cast<char>(bits >> shift & 0xFF);
}

void WireWriter::putFloat(uint32_t field, float value) {
  varint(uint64_t{field} << 3 | 5);
  fixed(std::bit_cast<uint32_t>(value), 4);
}

void WireWriter::putDouble(uint32_t field, double value) {
  varint(uint64_t{field} << 3 | 1);
  fixed(std::bit_cast<uint64_t>(value), 8);
}

void WireWriter::putBytes(uint32_t field, std::string_view bytes) {
  varint(uint64_t{field} << 3 | 2);
  varint(bytes.size());
  out_ += bytes;
}

}  // namespace z2
