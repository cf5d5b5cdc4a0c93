#include "core/base/program_path.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include <unistd.h>

namespace z2 {

namespace fs = std::filesystem;

std::optional<fs::path> findOnPath(std::string_view program) {
  const char* const variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    const fs::path path = fs::path(rest.substr(0, colon)) / program;
    std::error_code failure;
    if (fs::is_regular_file(path, failure) && ::access(path.c_str(), X_OK) == 0) return path;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return std::nullopt;
}

}  // namespace z2
