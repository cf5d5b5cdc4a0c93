#pragma once

// Z2_CHECK: an invariant of the program, on in release builds. It never depends on what a user
// gave; that is an Error (core/base/error.h).

#include <string_view>

namespace z2 {

// Prints the expression, the place and the message to standard error, then aborts.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line,
                              std::string_view message);

}  // namespace z2

#define Z2_CHECK(condition, ...)                                                        \
  do {                                                                                  \
    if (!(condition)) [[unlikely]]                                                      \
      ::z2::checkFailed(#condition, __FILE__, __LINE__, std::string_view{__VA_ARGS__}); \
  } while (false)
