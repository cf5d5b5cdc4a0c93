#include "core/checkpoint/shard.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/checkpoint/checksum.h"
#include "core/io/json.h"

namespace z2 {

namespace {

constexpr size_t kAlignment = 64;
constexpr uint64_t kMostHeaderBytes = 100'000'000;
constexpr size_t kMostDimensions = 8;
// Hashed and written piece by piece, so that the hash reads what the cache still holds.
constexpr size_t kPiece = size_t{1} << 20;

struct TypeName {
  DType type;
  std::string_view name;
};
constexpr TypeName kTypeNames[] = {
    {DType::kF32, "F32"}, {DType::kBF16, "BF16"}, {DType::kF16, "F16"}};

std::string headerOf(std::span<const TensorView> tensors) {
  Json header = {{"__metadata__", {{"format", "pt"}}}};
  uint64_t offset = 0;
  for (const TensorView& tensor : tensors) {
    const uint64_t end = offset + tensor.bytes.size();
    std::string_view type;
    for (const TypeName& known : kTypeNames)
      if (known.type == tensor.type) type = known.name;
    header[tensor.name] = {
        {"dtype", type}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = jsonLine(header);
  while ((text.size() + sizeof(uint64_t)) % kAlignment != 0) text += ' ';
  return text;
}

// Bytes of a shape, or an empty optional when the product overflows or a size is negative.
std::optional<uint64_t> bytesOf(const std::vector<int64_t>& shape, DType type) {
  uint64_t bytes = sizeOf(type);
  for (const int64_t size : shape)
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes)) return {};
  return bytes;
}

// One entry of the header, whose data must start at `start`: there are no gaps and no overlaps.
Result<TensorView> parseEntry(const std::string& name, const Json& entry, uint64_t start,
                              std::span<const std::byte> data, const std::string& where) {
  const auto broken = [&](std::string_view why) {
    return corrupt(where, "tensor \"" + name + "\": " + std::string(why));
  };
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets") || !entry["shape"].is_array() ||
      entry["shape"].size() > kMostDimensions || !entry["data_offsets"].is_array() ||
      entry["data_offsets"].size() != 2)
    return broken("its entry lacks dtype, shape or data_offsets");
  TensorView tensor;
  tensor.name = name;
  bool isKnownType = false;
  for (const TypeName& known : kTypeNames) {
    if (entry["dtype"] != known.name) continue;
    tensor.type = known.type;
    isKnownType = true;
  }
  if (!isKnownType) return broken("its dtype is none of F32, BF16, F16");
  for (const Json& size : entry["shape"]) {
    if (!size.is_number_integer()) return broken("its shape is not a list of integers");
    tensor.shape.push_back(size.get<int64_t>());
  }
  const Json& offsets = entry["data_offsets"];
  if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
    return broken("its data_offsets are not two counts of bytes");
  const auto begin = offsets[0].get<uint64_t>();
  const auto end = offsets[1].get<uint64_t>();
  if (begin != start || end < begin || end > data.size()) return broken("its data_offsets are off");
  if (bytesOf(tensor.shape, tensor.type) != end - begin)
    return broken("its shape does not fit its data");
  tensor.bytes = data.subspan(begin, end - begin);
  return tensor;
}

}  // namespace

Result<ManifestFile> writeShard(FileSystem& files, const std::filesystem::path& path,
                                std::span<const TensorView> tensors) {
  const std::string header = headerOf(tensors);
  const uint64_t headerBytes = header.size();
  std::string start(sizeof headerBytes, '\0');
  std::memcpy(start.data(), &headerBytes, sizeof headerBytes);  // little-endian, as the machine
  start += header;

  ManifestFile entry{path.filename().native(), 0, {}};
  Checksum checksum;
  Z2_TRY(const std::unique_ptr<OutputFile> file, files.create(path));
  const auto put = [&](std::span<const std::byte> bytes) -> Result<void> {
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), kPiece));
      checksum.add(piece);
      Z2_TRY_VOID(file->write(piece));
      entry.bytes += piece.size();
      bytes = bytes.subspan(piece.size());
    }
    return {};
  };
  Z2_TRY_VOID(put(std::as_bytes(std::span(start))));
  for (const TensorView& tensor : tensors) Z2_TRY_VOID(put(tensor.bytes));
  Z2_TRY_VOID(file->sync());
  Z2_TRY_VOID(file->close());
  entry.checksum = checksum.hex();
  return entry;
}

Result<std::vector<TensorView>> readShard(std::span<const std::byte> bytes,
                                          const std::filesystem::path& path) {
  const std::string& where = path.native();
  uint64_t headerBytes = 0;
  if (bytes.size() < sizeof headerBytes) return corrupt(where, "the file is too short for a shard");
  std::memcpy(&headerBytes, bytes.data(), sizeof headerBytes);
  if (headerBytes > kMostHeaderBytes || headerBytes > bytes.size() - sizeof headerBytes)
    return corrupt(where, "the header is longer than the file");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + sizeof headerBytes,
                              headerBytes);
  Z2_TRY(const Json header, parseJson(text, where));
  if (!header.is_object()) return corrupt(where, "the header is not a JSON object");
  const auto data = bytes.subspan(sizeof headerBytes + headerBytes);
  std::vector<TensorView> tensors;
  uint64_t start = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    Z2_TRY(TensorView tensor, parseEntry(name, entry, start, data, where));
    start += tensor.bytes.size();
    tensors.push_back(std::move(tensor));
  }
  if (start != data.size()) return corrupt(where, "bytes follow the last tensor");
  return tensors;
}

}  // namespace z2
