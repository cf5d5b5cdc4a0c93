#pragma once

// How a checkpoint's folder is verified and mapped; the parts behind CheckpointStore.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/checkpoint/manifest.h"
#include "core/io/file_system.h"

namespace z2 {

struct LoadedCheckpoint::Impl {
  CheckpointInfo info;
  std::vector<MappedFile> files;
  std::vector<TensorView> tensors;
};

// Step of a folder's name "step_N"; negative when it is none.
[[nodiscard]] int64_t stepOf(std::string_view folderName);
[[nodiscard]] std::string folderName(int64_t step);

// kCorrupt when the folder holds no complete manifest, or is named step_N of another step.
[[nodiscard]] Result<Manifest> readManifest(FileSystem& files, const std::filesystem::path& folder);
// Reads every file of the manifest against its size and checksum; an error names the file.
[[nodiscard]] Result<void> verifyFiles(FileSystem& files, const std::filesystem::path& folder,
                                       const Manifest& manifest);
[[nodiscard]] CheckpointInfo infoOf(const std::filesystem::path& folder, const Manifest& manifest);

}  // namespace z2
