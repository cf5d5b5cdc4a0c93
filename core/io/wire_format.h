#pragma once

// The wire format of protocol buffers, as much as sentencepiece models and event files need.
// protobuf.dev/programming-guides/encoding

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace z2 {

// Walks the fields of one message. A broken message ends the walk with isBroken(); no length is
// believed before it is compared with the bytes that remain.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  // Goes to the next field; false at the end or at broken bytes. The field's value is then in
  // number() or bytes(), by its type.
  [[nodiscard]] bool next();
  [[nodiscard]] bool isBroken() const { return isBroken_; }

  [[nodiscard]] uint32_t field() const { return field_; }
  [[nodiscard]] bool isBytes() const { return type_ == kBytes; }
  [[nodiscard]] bool isVarint() const { return type_ == kVarint; }
  [[nodiscard]] bool isFixed32() const { return type_ == kFixed32; }
  [[nodiscard]] bool isFixed64() const { return type_ == kFixed64; }
  [[nodiscard]] uint64_t number() const { return number_; }        // varint, fixed32, fixed64
  [[nodiscard]] std::string_view bytes() const { return bytes_; }  // length-delimited
  [[nodiscard]] float asFloat() const {
    return std::bit_cast<float>(static_cast<uint32_t>(number_));
  }
  [[nodiscard]] double asDouble() const { return std::bit_cast<double>(number_); }
  [[nodiscard]] int64_t asInt64() const { return static_cast<int64_t>(number_); }
  [[nodiscard]] int32_t asInt32() const { return static_cast<int32_t>(number_); }

 private:
  static constexpr uint32_t kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;

  bool readVarint(uint64_t& value);
  bool readFixed(size_t count);
  bool fail();

  std::string_view rest_;
  std::string_view bytes_;
  uint64_t number_ = 0;
  uint32_t field_ = 0;
  uint32_t type_ = 0;
  bool isBroken_ = false;
};

// Appends fields to a message.
class WireWriter {
 public:
  void putVarint(uint32_t field, uint64_t value);
  void putBool(uint32_t field, bool value) { putVarint(field, value ? 1 : 0); }
  void putInt32(uint32_t field, int32_t value) {
    putVarint(field, static_cast<uint64_t>(int64_t{value}));
  }
  void putFloat(uint32_t field, float value);
  void putDouble(uint32_t field, double value);
  void putBytes(uint32_t field, std::string_view bytes);
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void varint(uint64_t value);
  void fixed(uint64_t bits, int count);
  std::string out_;
};

}  // namespace z2
