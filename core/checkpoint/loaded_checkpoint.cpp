#include "core/checkpoint/loaded_checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/checkpoint/checkpoint_proof.h"
#include "core/checkpoint/shard.h"
#include "core/io/checksum.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFolderPrefix = "step_";
constexpr size_t kMostManifestBytes = size_t{64} << 20;

// A file that a checkpoint should hold and that is not there is damage, not a wrong path.
Error asDamage(Error error) {
  if (error.code == ErrorCode::kBadInput) {
    error.code = ErrorCode::kCorrupt;
    error.fix.clear();
  }
  return error;
}

}  // namespace

int64_t stepOf(std::string_view name) {
  if (!name.starts_with(kFolderPrefix)) return -1;
  const std::string_view digits = name.substr(kFolderPrefix.size());
  int64_t step = -1;
  const auto [end, failure] = std::from_chars(digits.begin(), digits.end(), step);
  const bool isWhole = failure == std::errc{} && end == digits.end();
  return isWhole && step >= 0 && folderName(step) == name ? step : -1;
}

std::string folderName(int64_t step) { return std::string(kFolderPrefix) + std::to_string(step); }

Result<Manifest> readManifest(FileSystem& files, const fs::path& folder) {
  const fs::path path = folder / kManifestName;
  std::string text;
  bool isTooLong = false;
  const auto done = files.read(path, [&](std::span<const std::byte> bytes) {
    isTooLong = isTooLong || text.size() + bytes.size() > kMostManifestBytes;
    if (!isTooLong) text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  if (!done) return tl::unexpected(asDamage(done.error()));
  if (isTooLong) return corrupt(path.native(), "the manifest is too long to be one");
  Z2_TRY(Manifest manifest, parseManifest(text, path));
  // A folder of another name is a checkpoint that was moved out of its run, or imported.
  if (stepOf(folder.filename().native()) >= 0 && folderName(manifest.step) != folder.filename())
    return corrupt(path.native(), "the manifest is of step " + std::to_string(manifest.step));
  return manifest;
}

Result<void> verifyFiles(FileSystem& files, const fs::path& folder, const Manifest& manifest) {
  for (const ManifestFile& file : manifest.files) {
    const fs::path path = folder / file.name;
    Checksum checksum;
    uint64_t size = 0;
    const auto done = files.read(path, [&](std::span<const std::byte> bytes) {
      size += bytes.size();
      checksum.add(bytes);
    });
    if (!done) return tl::unexpected(asDamage(done.error()));
    if (size != file.bytes)
      return corrupt(path.native(), "the file has " + std::to_string(size) + " bytes instead of " +
                                        std::to_string(file.bytes));
    if (checksum.hex() != file.checksum)
      return corrupt(path.native(), "the file fails its checksum");
  }
  return {};
}

CheckpointInfo infoOf(const fs::path& folder, const Manifest& manifest) {
  CheckpointInfo info{manifest.step, folder, manifest.state, manifest.score, 0};
  for (const ManifestFile& file : manifest.files) info.bytes += file.bytes;
  return info;
}

LoadedCheckpoint::LoadedCheckpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LoadedCheckpoint::LoadedCheckpoint(LoadedCheckpoint&&) noexcept = default;
LoadedCheckpoint& LoadedCheckpoint::operator=(LoadedCheckpoint&&) noexcept = default;
LoadedCheckpoint::~LoadedCheckpoint() = default;

const CheckpointInfo& LoadedCheckpoint::info() const { return impl_->info; }
const std::vector<TensorView>& LoadedCheckpoint::tensors() const { return impl_->tensors; }

const TensorView* LoadedCheckpoint::find(std::string_view name) const {
  const auto found = std::ranges::find(impl_->tensors, name, &TensorView::name);
  return found == impl_->tensors.end() ? nullptr : &*found;
}

Result<LoadedCheckpoint> CheckpointStore::load(const fs::path& checkpoint) {
  return loadFrom(systemFiles(), checkpoint);
}

Result<std::string> CheckpointStore::prove(const fs::path& checkpoint) {
  Z2_TRY(const Manifest manifest, readManifest(systemFiles(), checkpoint));
  const std::string before = proofOf(checkpoint, manifest);
  Z2_TRY_VOID(load(checkpoint));
  std::string after = proofOf(checkpoint, manifest);
  return sameFiles(before, after) ? std::move(after) : std::string();
}

Result<LoadedCheckpoint> CheckpointStore::loadFrom(FileSystem& files, const fs::path& checkpoint,
                                                   std::string_view proof) {
  Z2_TRY(const Manifest manifest, readManifest(files, checkpoint));
  if (!proofHolds(proof, checkpoint, manifest))
    Z2_TRY_VOID(verifyFiles(files, checkpoint, manifest));
  auto impl = std::make_unique<LoadedCheckpoint::Impl>();
  impl->info = infoOf(checkpoint, manifest);
  for (const ManifestFile& file : manifest.files) {
    const fs::path path = checkpoint / file.name;
    Z2_TRY(MappedFile mapped, files.map(path));
    Z2_TRY(std::vector<TensorView> tensors, readShard(mapped.bytes(), path));
    for (TensorView& tensor : tensors) {
      tensor.name.insert(0, path.stem().native() + ":");
      impl->tensors.push_back(std::move(tensor));
    }
    impl->files.push_back(std::move(mapped));
  }
  return LoadedCheckpoint(std::move(impl));
}

}  // namespace z2
