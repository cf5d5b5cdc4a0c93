#pragma once

// safetensors: 8 bytes header length (little-endian), a JSON header {name: {"dtype", "shape",
// "data_offsets": [begin, end]}, "__metadata__": {text: text}}, then the tensors' bytes.
//
// Design goals: a file is either understood in full or refused in words that name the file and the
// tensor; nothing of a header is believed before it was checked against the file's size, in
// arithmetic that cannot overflow; reading copies nothing.
// Non-goals: element types of less than a byte.
// Format: https://github.com/huggingface/safetensors ("Format"). Limits: core/io/limits.h.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/files.h"
#include "core/io/tensor_view.h"

namespace z2 {

// Element types as files spell them ("F32", "BF16", …).
enum class StoredType {
  kBool,
  kU8,
  kI8,
  kF8E5M2,
  kF8E4M3,
  kU16,
  kI16,
  kF16,
  kBF16,
  kU32,
  kI32,
  kF32,
  kU64,
  kI64,
  kF64
};
[[nodiscard]] std::string_view nameOf(StoredType type);
[[nodiscard]] std::optional<StoredType> parseStoredType(std::string_view name);
[[nodiscard]] uint64_t sizeOf(StoredType type);
[[nodiscard]] StoredType storedTypeOf(DType type);
// The engine's type, or nothing when the engine does not compute with it.
[[nodiscard]] std::optional<DType> engineTypeOf(StoredType type);

struct SafetensorsEntry {
  std::string name;
  StoredType type = StoredType::kF32;
  std::vector<uint64_t> shape;
  uint64_t begin = 0;  // of the bytes behind the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // by begin, ascending: without holes or overlaps
  std::map<std::string, std::string> metadata;
  uint64_t dataStart = 0;  // of the file: where the tensors' bytes begin
};

// Checks the whole of `file`; `where` names it in errors (kBadInput).
[[nodiscard]] Result<SafetensorsHeader> parseSafetensors(std::span<const std::byte> file,
                                                         std::string_view where);

// A mapped file whose header was checked. Thread-safe for reading. Views live as long as it.
class SafetensorsFile {
 public:
  [[nodiscard]] static Result<SafetensorsFile> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::vector<SafetensorsEntry>& entries() const { return header_.entries; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const {
    return header_.metadata;
  }
  [[nodiscard]] const SafetensorsEntry* find(std::string_view name) const;
  [[nodiscard]] std::span<const std::byte> bytes(const SafetensorsEntry& entry) const;
  // kBadInput when the entry's type is none of the engine's.
  [[nodiscard]] Result<TensorView> view(const SafetensorsEntry& entry) const;

 private:
  SafetensorsFile(std::filesystem::path path, MappedFile file, SafetensorsHeader header);

  std::filesystem::path path_;
  MappedFile file_;
  SafetensorsHeader header_;
  std::map<std::string, size_t, std::less<>> indexOfName_;
};

// The bytes a file begins with when these tensors follow it in this order, without gaps; a multiple
// of 8 long. Of each tensor only name, type and shape are read. Names must be unique and shapes
// without negative numbers (Z2_CHECK). Put wider types first: then each tensor of the mapped file
// is aligned.
[[nodiscard]] std::string safetensorsHeader(std::span<const TensorView> tensors,
                                            const std::map<std::string, std::string>& metadata);
// Bytes of a tensor of this type and shape.
[[nodiscard]] uint64_t byteCount(DType type, std::span<const int64_t> shape);

// Writes header and tensors and syncs the file; it is complete or an error is returned (then what
// was written stays for the caller to remove).
[[nodiscard]] Result<void> writeSafetensors(const std::filesystem::path& path,
                                            std::span<const TensorView> tensors,
                                            const std::map<std::string, std::string>& metadata);

}  // namespace z2
