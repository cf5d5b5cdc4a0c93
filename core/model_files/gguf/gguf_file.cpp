#include "core/model_files/gguf/gguf_file.h"

#include <bit>
#include <ranges>

#include "core/base/check.h"
#include "core/model_files/gguf/q8_0.h"

namespace z2 {

namespace {

constexpr uint32_t kVersion = 3;

// Types of metadata values.
constexpr uint32_t kUint8 = 0;
constexpr uint32_t kUint32 = 4;
constexpr uint32_t kInt32 = 5;
constexpr uint32_t kFloat32 = 6;
constexpr uint32_t kBool = 7;
constexpr uint32_t kString = 8;
constexpr uint32_t kArray = 9;

template <typename T>
void put(std::string& out, T value) {
  for (size_t byte = 0; byte < sizeof(T); ++byte) out += static_cast<char>(value >> (8 * byte));
}

void putFloat(std::string& out, float value) { put(out, std::bit_cast<uint32_t>(value)); }

void putString(std::string& out, std::string_view text) {
  put<uint64_t>(out, text.size());
  out += text;
}

}  // namespace

uint64_t ggmlByteCount(GgmlType type, int64_t elements) {
  const auto count = static_cast<uint64_t>(elements);
  switch (type) {
    case GgmlType::kF32:
      return count * 4;
    case GgmlType::kQ8_0:
      Z2_CHECK(elements % kQ8BlockSize == 0, "a row of Q8_0 is made of whole blocks");
      return count / kQ8BlockSize * kQ8BlockBytes;
    case GgmlType::kF16:
    case GgmlType::kBF16:
      break;
  }
  return count * 2;
}

void GgufMetadata::begin(std::string_view key, uint32_t type) {
  putString(bytes_, key);
  put(bytes_, type);
  ++count_;
}

void GgufMetadata::beginArray(std::string_view key, uint32_t type, uint64_t size) {
  begin(key, kArray);
  put(bytes_, type);
  put(bytes_, size);
}

void GgufMetadata::add(std::string_view key, uint32_t value) {
  begin(key, kUint32);
  put(bytes_, value);
}

void GgufMetadata::add(std::string_view key, float value) {
  begin(key, kFloat32);
  putFloat(bytes_, value);
}

void GgufMetadata::add(std::string_view key, bool value) {
  begin(key, kBool);
  put<uint8_t>(bytes_, value ? 1 : 0);
}

void GgufMetadata::add(std::string_view key, std::string_view value) {
  begin(key, kString);
  putString(bytes_, value);
}

void GgufMetadata::add(std::string_view key, std::span<const std::string> values) {
  beginArray(key, kString, values.size());
  for (const std::string& value : values) putString(bytes_, value);
}

void GgufMetadata::add(std::string_view key, std::span<const float> values) {
  beginArray(key, kFloat32, values.size());
  for (const float value : values) putFloat(bytes_, value);
}

void GgufMetadata::add(std::string_view key, std::span<const int32_t> values) {
  beginArray(key, kInt32, values.size());
  for (const int32_t value : values) put(bytes_, static_cast<uint32_t>(value));
}

void GgufMetadata::add(std::string_view key, std::span<const uint8_t> values) {
  beginArray(key, kUint8, values.size());
  for (const uint8_t value : values) put(bytes_, value);
}

uint64_t ggufPadding(uint64_t bytes) {
  return (kGgufAlignment - bytes % kGgufAlignment) % kGgufAlignment;
}

std::string ggufHeader(const GgufMetadata& metadata, std::span<const GgufTensor> tensors) {
  std::string out = "GGUF";
  put(out, kVersion);
  put<uint64_t>(out, tensors.size());
  put<uint64_t>(out, metadata.count());
  out += metadata.bytes();
  uint64_t offset = 0;
  for (const GgufTensor& tensor : tensors) {
    int64_t elements = 1;
    putString(out, tensor.name);
    put(out, static_cast<uint32_t>(tensor.shape.size()));
    for (const int64_t size : std::views::reverse(tensor.shape)) {
      put(out, static_cast<uint64_t>(size));
      elements *= size;
    }
    put(out, static_cast<uint32_t>(tensor.type));
    put(out, offset);
    const uint64_t bytes = ggmlByteCount(tensor.type, elements);
    offset += bytes + ggufPadding(bytes);
  }
  out.append(ggufPadding(out.size()), '\0');
  return out;
}

}  // namespace z2
