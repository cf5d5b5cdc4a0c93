#include "core/base/plugin.h"

#include <filesystem>
#include <system_error>

#include <dlfcn.h>
#include <fmt/format.h>

namespace z2 {

namespace fs = std::filesystem;

Result<void*> pluginSymbol(std::string_view library, const char* symbol, std::string_view need,
                           std::string_view fix) {
  std::error_code failure;
  const fs::path program = fs::read_symlink("/proc/self/exe", failure);
  if (failure) return systemError(failure.value(), "finding", "/proc/self/exe");
  const fs::path path = program.parent_path() / library;
  // Never unloaded: libraries with threads of their own do not survive that.
  void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr)
    return environmentError(path.native(), fmt::format("{}: {}", need, ::dlerror()),
                            std::string(fix));
  void* const found = ::dlsym(handle, symbol);
  if (found == nullptr) return pluginMismatch(library);
  return found;
}

tl::unexpected<Error> pluginMismatch(std::string_view library) {
  return environmentError(std::string(library), "this plug-in belongs to another version",
                          "Install z2all and its plug-ins together");
}

}  // namespace z2
