#include "core/run/workspace.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace z2 {

namespace fs = std::filesystem;

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

Workspace Workspace::choose(std::string_view given) {
  fs::path folder = given.empty() ? environment("Z2_WORKSPACE") : given;
  if (folder.empty()) folder = fs::path(environment("HOME")) / "Zero2All";
  std::error_code failure;
  const fs::path absolute = fs::absolute(folder, failure);
  return Workspace(failure ? folder : absolute.lexically_normal());
}

Result<void> Workspace::make() const {
  for (const fs::path& path : {folder_, runs(), data(), tokenizers(), models()}) {
    std::error_code failure;
    fs::create_directories(path, failure);
    if (failure)
      return environmentError(path.native(), "the folder cannot be made: " + failure.message(),
                              "Choose another workspace with --workspace or Z2_WORKSPACE");
  }
  return {};
}

}  // namespace z2
