#include "core/checkpoint/shard.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/io/checksum.h"
#include "core/io/safetensors.h"

namespace z2 {

namespace {

// Hashed and written piece by piece, so that the hash reads what the cache still holds.
constexpr size_t kPiece = size_t{1} << 20;

}  // namespace

Result<ManifestFile> writeShard(FileSystem& files, const std::filesystem::path& path,
                                std::span<const TensorView> tensors) {
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
  const std::string header = safetensorsHeader(tensors, {{"format", "pt"}});
  Z2_TRY_VOID(put(std::as_bytes(std::span(header))));
  for (const TensorView& tensor : tensors) Z2_TRY_VOID(put(tensor.bytes));
  Z2_TRY_VOID(file->sync());
  Z2_TRY_VOID(file->close());
  entry.checksum = checksum.hex();
  return entry;
}

Result<std::vector<TensorView>> readShard(std::span<const std::byte> bytes,
                                          const std::filesystem::path& path) {
  auto header = parseSafetensors(bytes, path.native());
  if (!header) return corrupt(path.native(), header.error().what);
  std::vector<TensorView> tensors;
  for (const SafetensorsEntry& entry : header->entries) {
    const auto type = engineTypeOf(entry.type);
    if (!type) return corrupt(path.native(), "tensor \"" + entry.name + "\" has a foreign type");
    TensorView tensor{entry.name, *type, {entry.shape.begin(), entry.shape.end()}, {}};
    tensor.bytes = bytes.subspan(header->dataStart + entry.begin, entry.end - entry.begin);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace z2
