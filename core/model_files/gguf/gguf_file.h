#pragma once

// The container GGUF, version 3: typed metadata, a table of tensors, aligned tensor data
// (ggml, docs/gguf.md). Little-endian.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace z2 {

// The numbers are the format's.
enum class GgmlType : uint32_t { kF32 = 0, kF16 = 1, kQ8_0 = 8, kBF16 = 30 };

// Bytes of `elements` elements; of Q8_0 a multiple of its block of 32.
[[nodiscard]] uint64_t ggmlByteCount(GgmlType type, int64_t elements);

// Key/value pairs in the order in which they were added. Plain data.
class GgufMetadata {
 public:
  void add(std::string_view key, uint32_t value);
  void add(std::string_view key, float value);
  void add(std::string_view key, bool value);
  void add(std::string_view key, std::string_view value);
  void add(std::string_view key, const char* value) { add(key, std::string_view(value)); }
  void add(std::string_view key, std::span<const std::string> values);
  void add(std::string_view key, std::span<const float> values);
  void add(std::string_view key, std::span<const int32_t> values);
  void add(std::string_view key, std::span<const uint8_t> values);

  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void begin(std::string_view key, uint32_t type);
  void beginArray(std::string_view key, uint32_t type, uint64_t size);

  std::string bytes_;
  uint64_t count_ = 0;
};

struct GgufTensor {
  std::string name;
  std::vector<int64_t> shape;  // as everywhere else: the last dimension lies contiguous
  GgmlType type = GgmlType::kF32;
};

// Everything before the tensors' data, padded. The data follow in this order, each padded with
// zeros to a multiple of kGgufAlignment.
inline constexpr uint64_t kGgufAlignment = 32;
[[nodiscard]] std::string ggufHeader(const GgufMetadata& metadata,
                                     std::span<const GgufTensor> tensors);
[[nodiscard]] uint64_t ggufPadding(uint64_t bytes);  // to the next multiple

}  // namespace z2
