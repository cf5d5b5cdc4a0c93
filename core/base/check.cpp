#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace z2 {

void checkFailed(const char* expression, const char* file, int line, std::string_view message) {
  std::fprintf(stderr, "%s:%d: this must hold and does not: %s %.*s\n", file, line, expression,
               static_cast<int>(message.size()), message.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace z2
