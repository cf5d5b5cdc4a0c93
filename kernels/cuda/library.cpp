#include "kernels/cuda/library.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <dlfcn.h>

#include "core/base/python_packages.h"

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

std::vector<std::string> candidates(const std::string& name) {
  std::vector<std::string> paths;
  for (const std::string& folder : split(std::getenv("Z2_CUDA_LIBS")))
    paths.push_back(folder + "/" + name);
  paths.push_back(ownFolder() + "/" + name);
  paths.push_back(name);
  std::error_code ignored;
  for (const fs::path& packages : pythonPackageFolders())
    for (const auto& part : fs::directory_iterator(packages / "nvidia", ignored))
      paths.push_back((part.path() / "lib" / name).string());
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
