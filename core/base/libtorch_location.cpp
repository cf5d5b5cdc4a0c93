#include "core/base/libtorch_location.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "core/base/python_packages.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kLibrary = "libtorch_cpu.so";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool holdsLibTorch(const fs::path& libraries) {
  std::error_code ignored;
  return fs::exists(libraries / kLibrary, ignored);
}

// A wheel's torch/version.py says __version__ = '2.11.0+cu130'; unpacked libraries alone have none.
std::string versionOf(const fs::path& package) {
  std::ifstream file(package / "version.py");
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with("__version__")) continue;
    const size_t begin = line.find_first_of("'\"");
    if (begin == std::string::npos) return {};
    const size_t end = line.find_first_of("'\"+", begin + 1);
    return line.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
  }
  return {};
}

}  // namespace

std::string builtLibTorchVersion() { return Z2_LIBTORCH_VERSION; }

Result<LibTorchLocation> findLibTorch(const fs::path& programFolder) {
  if (const std::string chosen = environment("Z2_LIBTORCH"); !chosen.empty()) {
    const fs::path libraries = fs::path(chosen) / "lib";
    if (holdsLibTorch(libraries))
      return LibTorchLocation{libraries, "Z2_LIBTORCH", versionOf(chosen)};
    return environmentError(chosen, "Z2_LIBTORCH names a folder without lib/libtorch_cpu.so",
                            "Set it to a folder like .../site-packages/torch, or unset it");
  }
  std::string looked;
  const fs::path beside = programFolder / "libtorch" / "torch";
  if (holdsLibTorch(beside / "lib"))
    return LibTorchLocation{beside / "lib", "beside the program", versionOf(beside)};
  const fs::path built = Z2_LIBTORCH_BUILD_FOLDER;
  if (holdsLibTorch(built / "lib"))
    return LibTorchLocation{built / "lib", "the folder of the build", builtLibTorchVersion()};
  looked = beside.native() + ", " + built.native();
  for (const fs::path& folder : pythonPackageFolders()) {
    const fs::path package = folder / "torch";
    if (!holdsLibTorch(package / "lib")) continue;
    const std::string version = versionOf(package);
    if (version == builtLibTorchVersion())
      return LibTorchLocation{package / "lib", "Python's torch " + version, version};
    looked += ", " + package.native() + " (version " + version + ")";
  }
  return environmentError(
      "LibTorch " + builtLibTorchVersion(), "it was not found; looked in " + looked,
      "Run packaging/setup, or set Z2_LIBTORCH to the torch folder of that version");
}

}  // namespace z2
