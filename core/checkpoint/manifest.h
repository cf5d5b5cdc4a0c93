#pragma once

// manifest.json of a checkpoint: what it holds and how each file proves itself. The file is JSON;
// its last field is the checksum of all bytes before that field, so that a flip anywhere in the
// manifest is found too.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

inline constexpr int kManifestVersion = 1;
inline constexpr std::string_view kManifestName = "manifest.json";

struct ManifestFile {
  std::string name;  // beside the manifest; never a path
  uint64_t bytes = 0;
  std::string checksum;  // core/checkpoint/checksum.h
};

struct Manifest {
  int64_t step = 0;
  std::optional<double> score;
  std::vector<ManifestFile> files;
  Json state;
};

[[nodiscard]] std::string toText(const Manifest& manifest);
// Checks the checksum before anything else. A newer version than this program's is kBadInput; all
// other errors are kCorrupt.
[[nodiscard]] Result<Manifest> parseManifest(std::string_view text,
                                             const std::filesystem::path& path);

}  // namespace z2
