#include "kernels/cuda/library.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <dlfcn.h>

namespace z2::cuda {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> split(const char* list) {
  std::vector<std::string> parts(1);
  for (const char* c = list; c != nullptr && *c != '\0'; ++c) {
    if (*c == ':')
      parts.emplace_back();
    else
      parts.back() += *c;
  }
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

std::string ownFolder() {
  Dl_info info{};
  const int found = dladdr(reinterpret_cast<const void*>(&openLibrary), &info);
  return found != 0 && info.dli_fname != nullptr ? fs::path(info.dli_fname).parent_path().string()
                                                 : std::string();
}

// PREFIX/lib/python3.*/{site,dist}-packages/nvidia/*/lib.
void addPythonFolders(const fs::path& prefix, std::vector<std::string>& folders) {
  std::error_code ignored;
  for (const auto& python : fs::directory_iterator(prefix / "lib", ignored)) {
    if (python.path().filename().string().rfind("python3", 0) != 0) continue;
    for (const char* kind : {"site-packages", "dist-packages"})
      for (const auto& part : fs::directory_iterator(python.path() / kind / "nvidia", ignored))
        folders.push_back((part.path() / "lib").string());
  }
}

std::vector<std::string> pythonFolders() {
  std::vector<std::string> folders;
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"})
    if (const char* prefix = std::getenv(name)) addPythonFolders(prefix, folders);
  for (const std::string& path : split(std::getenv("PATH"))) {
    std::error_code ignored;
    if (fs::exists(fs::path(path) / "python3", ignored))
      addPythonFolders(fs::path(path).parent_path(), folders);
  }
  if (const char* home = std::getenv("HOME")) addPythonFolders(fs::path(home) / ".local", folders);
  return folders;
}

std::vector<std::string> candidates(const std::string& name) {
  std::vector<std::string> paths;
  for (const std::string& folder : split(std::getenv("Z2_CUDA_LIBS")))
    paths.push_back(folder + "/" + name);
  paths.push_back(ownFolder() + "/" + name);
  paths.push_back(name);
  for (const std::string& folder : pythonFolders()) paths.push_back(folder + "/" + name);
  paths.push_back("/usr/local/cuda/lib64/" + name);
  return paths;
}

}  // namespace

Library openLibrary(const std::string& name) {
  Library library;
  std::string tried;
  for (const std::string& path : candidates(name)) {
    library.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library.handle != nullptr) {
      library.path = path;
      return library;
    }
    tried += (tried.empty() ? "" : ", ") + path;
  }
  library.path = tried;
  return library;
}

void* findSymbol(const Library& library, const char* name) {
  return library.handle == nullptr ? nullptr : dlsym(library.handle, name);
}

}  // namespace z2::cuda
