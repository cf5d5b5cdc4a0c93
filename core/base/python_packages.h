#pragma once

// Where Python keeps packages on this machine: the libraries of PyTorch and NVIDIA lie in them. No
// Python is run. Header-only, for the plug-ins too.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace z2 {

// PREFIX/lib/python3.*/{site,dist}-packages of the active environment, of each python3 on PATH, of
// the user, then of the system. Folders need not exist, and may be named twice.
[[nodiscard]] inline std::vector<std::filesystem::path> pythonPackageFolders() {
  namespace fs = std::filesystem;
  std::vector<fs::path> folders;
  std::error_code ignored;
  const auto environment = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  const auto addUnder = [&](const fs::path& prefix) {
    for (const auto& entry : fs::directory_iterator(prefix / "lib", ignored))
      if (entry.path().filename().native().starts_with("python3"))
        for (const char* kind : {"site-packages", "dist-packages"})
          folders.push_back(entry.path() / kind);
  };
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"})
    if (const std::string prefix = environment(name); !prefix.empty()) addUnder(prefix);
  const std::string path = environment("PATH");
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find(':', begin), path.size());
    const fs::path folder = path.substr(begin, end - begin);
    if (fs::exists(folder / "python3", ignored)) addUnder(folder.parent_path());
    begin = end + 1;
  }
  if (const std::string home = environment("HOME"); !home.empty()) addUnder(home + "/.local");
  for (const char* prefix : {"/usr/local", "/usr"}) addUnder(prefix);
  return folders;
}

}  // namespace z2
