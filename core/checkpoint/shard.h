#pragma once

// A shard of a checkpoint: one safetensors file (u64 header length, JSON header, data), written
// with its checksum in one pass.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/checkpoint/manifest.h"
#include "core/io/file_system.h"

namespace z2 {

// Writes `tensors` in their order, their names as they are; syncs and closes. Returns what the
// manifest says about it. On an error what was written stays for the caller to remove.
[[nodiscard]] Result<ManifestFile> writeShard(FileSystem& files, const std::filesystem::path& path,
                                              std::span<const TensorView> tensors);

// Views into `bytes`, the whole content of a shard, which must outlive them.
[[nodiscard]] Result<std::vector<TensorView>> readShard(std::span<const std::byte> bytes,
                                                        const std::filesystem::path& path);

}  // namespace z2
