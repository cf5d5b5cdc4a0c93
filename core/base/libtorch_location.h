#pragma once

// Where LibTorch's CPU libraries are on this machine, for the programs that are started with them.
//
// In a development build they are found by the program's own RPATH. A bundle on a node may have
// them beside itself, or use those of the node's Python when they are of the same version.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct LibTorchLocation {
  std::filesystem::path libraries;  // the folder that holds libtorch_cpu.so
  std::string source;               // in words: "Z2_LIBTORCH", "beside the program", …
  std::string version;              // "2.11.0"; empty when the folder does not say
};

// The version that the programs were built against.
[[nodiscard]] std::string builtLibTorchVersion();

// In this order: Z2_LIBTORCH (a folder with lib/libtorch_cpu.so; anything else there is an error);
// `programFolder`/libtorch/torch; the folder of the build; the torch package of an active virtual
// environment, of Conda, of the python3 on PATH, of the user, of the system — Python's only in
// the very version the programs were built against. The error lists every place that was looked at.
[[nodiscard]] Result<LibTorchLocation> findLibTorch(const std::filesystem::path& programFolder);

}  // namespace z2
