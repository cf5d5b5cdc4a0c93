#include "core/io/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "core/base/check.h"
#include "core/io/json.h"
#include "core/io/limits.h"
#include "core/io/safetensors_header.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kLengthField = 8;
constexpr uint64_t kAlignment = 8;
constexpr std::string_view kFix =
    "The file is damaged, cut short or not a safetensors file; fetch or write it again";

struct TypeRow {
  StoredType type;
  std::string_view name;
  uint64_t size;
};
constexpr std::array<TypeRow, 15> kTypes = {{{StoredType::kBool, "BOOL", 1},
                                             {StoredType::kU8, "U8", 1},
                                             {StoredType::kI8, "I8", 1},
                                             {StoredType::kF8E5M2, "F8_E5M2", 1},
                                             {StoredType::kF8E4M3, "F8_E4M3", 1},
                                             {StoredType::kU16, "U16", 2},
                                             {StoredType::kI16, "I16", 2},
                                             {StoredType::kF16, "F16", 2},
                                             {StoredType::kBF16, "BF16", 2},
                                             {StoredType::kU32, "U32", 4},
                                             {StoredType::kI32, "I32", 4},
                                             {StoredType::kF32, "F32", 4},
                                             {StoredType::kU64, "U64", 8},
                                             {StoredType::kI64, "I64", 8},
                                             {StoredType::kF64, "F64", 8}}};

const TypeRow& rowOf(StoredType type) { return kTypes[static_cast<size_t>(type)]; }

// The entries must tile the bytes behind the header: one after the other from 0 to the end.
Result<void> checkPlaces(const std::vector<SafetensorsEntry>& sorted, uint64_t dataSize,
                         std::string_view where) {
  uint64_t expected = 0;
  for (const SafetensorsEntry& entry : sorted) {
    if (entry.begin != expected)
      return badInput(std::string(where),
                      fmt::format("tensor \"{}\" begins at byte {} where {} is due, so that bytes "
                                  "are {}",
                                  entry.name, entry.begin, expected,
                                  entry.begin < expected ? "used twice" : "left unused"),
                      std::string(kFix));
    if (entry.end > dataSize)
      return badInput(std::string(where),
                      fmt::format("tensor \"{}\" ends at byte {} of {}: the file is cut short",
                                  entry.name, entry.end, dataSize),
                      std::string(kFix));
    expected = entry.end;
  }
  if (expected != dataSize)
    return badInput(std::string(where),
                    fmt::format("{} bytes follow the last tensor", dataSize - expected),
                    std::string(kFix));
  return {};
}

std::string jsonText(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string_view nameOf(StoredType type) { return rowOf(type).name; }

uint64_t sizeOf(StoredType type) { return rowOf(type).size; }

std::optional<StoredType> parseStoredType(std::string_view name) {
  for (const TypeRow& row : kTypes)
    if (row.name == name) return row.type;
  return std::nullopt;
}

StoredType storedTypeOf(DType type) {
  switch (type) {
    case DType::kF32:
      return StoredType::kF32;
    case DType::kBF16:
      return StoredType::kBF16;
    case DType::kF16:
      return StoredType::kF16;
  }
  Z2_CHECK(false, "an unknown DType");
}

std::optional<DType> engineTypeOf(StoredType type) {
  for (const DType candidate : {DType::kF32, DType::kBF16, DType::kF16})
    if (storedTypeOf(candidate) == type) return candidate;
  return std::nullopt;
}

Result<SafetensorsHeader> parseSafetensors(std::span<const std::byte> file,
                                           std::string_view where) {
  const std::string place(where);
  if (file.size() < kLengthField)
    return badInput(place, fmt::format("{} bytes are too few for a safetensors file", file.size()),
                    std::string(kFix));
  uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthField);
  if (length > limits::kSafetensorsHeaderBytes)
    return badInput(place,
                    fmt::format("the header is said to be {} bytes long; at most {} are read",
                                length, limits::kSafetensorsHeaderBytes),
                    std::string(kFix));
  if (length > file.size() - kLengthField)
    return badInput(place,
                    fmt::format("the header is said to be {} bytes long, but the file has {}",
                                length, file.size()),
                    std::string(kFix));
  const std::string_view json(reinterpret_cast<const char*>(file.data()) + kLengthField, length);
  if (!json.starts_with('{'))
    return badInput(place, "the header is not a JSON object", std::string(kFix));
  Z2_TRY(SafetensorsHeaderJson read, readSafetensorsHeader(json, where));

  SafetensorsHeader header;
  header.entries = std::move(read.entries);
  header.metadata = std::move(read.metadata);
  header.dataStart = kLengthField + length;
  std::ranges::stable_sort(header.entries, [](const auto& a, const auto& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  Z2_TRY_VOID(checkPlaces(header.entries, file.size() - header.dataStart, where));
  return header;
}

SafetensorsFile::SafetensorsFile(fs::path path, MappedFile file, SafetensorsHeader header)
    : path_(std::move(path)), file_(std::move(file)), header_(std::move(header)) {
  for (size_t i = 0; i < header_.entries.size(); ++i) indexOfName_[header_.entries[i].name] = i;
}

Result<SafetensorsFile> SafetensorsFile::open(const fs::path& path) {
  Z2_TRY(MappedFile file, MappedFile::open(path));
  Z2_TRY(SafetensorsHeader header, parseSafetensors(file.bytes(), path.native()));
  return SafetensorsFile(path, std::move(file), std::move(header));
}

const SafetensorsEntry* SafetensorsFile::find(std::string_view name) const {
  const auto found = indexOfName_.find(name);
  return found == indexOfName_.end() ? nullptr : &header_.entries[found->second];
}

std::span<const std::byte> SafetensorsFile::bytes(const SafetensorsEntry& entry) const {
  return file_.bytes().subspan(header_.dataStart + entry.begin, entry.end - entry.begin);
}

Result<TensorView> SafetensorsFile::view(const SafetensorsEntry& entry) const {
  const std::optional<DType> type = engineTypeOf(entry.type);
  if (!type)
    return badInput(path_.native(),
                    fmt::format("tensor \"{}\" is stored as {}", entry.name, nameOf(entry.type)),
                    "Weights are read as F32, BF16 or F16; convert the file");
  TensorView view{entry.name, *type, {}, bytes(entry)};
  view.shape.assign(entry.shape.begin(), entry.shape.end());
  return view;
}

uint64_t byteCount(DType type, std::span<const int64_t> shape) {
  uint64_t bytes = sizeOf(type);
  for (const int64_t extent : shape) {
    Z2_CHECK(extent >= 0, "a negative extent");
    Z2_CHECK(!__builtin_mul_overflow(bytes, static_cast<uint64_t>(extent), &bytes),
             "a tensor of more than 2^64 bytes");
  }
  return bytes;
}

std::string safetensorsHeader(std::span<const TensorView> tensors,
                              const std::map<std::string, std::string>& metadata) {
  std::string json = "{";
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
      if (json.back() != '{') json += ',';
      json += jsonText(key) + ':' + jsonText(value);
    }
    json += '}';
  }
  std::unordered_set<std::string_view> names;
  uint64_t begin = 0;
  for (const TensorView& tensor : tensors) {
    Z2_CHECK(names.insert(tensor.name).second, "two tensors of one name in a file");
    const uint64_t end = begin + byteCount(tensor.type, tensor.shape);
    if (json.back() != '{') json += ',';
    json += fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                        jsonText(tensor.name), nameOf(storedTypeOf(tensor.type)),
                        fmt::join(tensor.shape, ","), begin, end);
    begin = end;
  }
  json += '}';
  json.append((kAlignment - json.size() % kAlignment) % kAlignment, ' ');
  const uint64_t length = json.size();
  std::string header(kLengthField, '\0');
  std::memcpy(header.data(), &length, kLengthField);
  return header + json;
}

Result<void> writeSafetensors(const fs::path& path, std::span<const TensorView> tensors,
                              const std::map<std::string, std::string>& metadata) {
  Z2_TRY(FileHandle file, openFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  Z2_TRY_VOID(writeAll(file, safetensorsHeader(tensors, metadata), path));
  for (const TensorView& tensor : tensors) {
    Z2_CHECK(tensor.bytes.size() == byteCount(tensor.type, tensor.shape), tensor.name);
    Z2_TRY_VOID(writeAll(
        file, {reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()}, path));
  }
  Z2_TRY_VOID(syncFile(file, path));
  return file.close(path);
}

}  // namespace z2
