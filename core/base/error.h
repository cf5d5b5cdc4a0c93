#pragma once

// How the project says that something did not work.
//
// Every function of core/ and remote/ that can fail softly returns Result<T>. An Error answers the
// three questions of its reader: what happened, where, and what to do. Exceptions of libraries
// (json, Arrow, LibTorch) are caught in one adapter each and never leave it.

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace z2 {

// The kind of a failure; it decides a program's exit status (exitStatus below).
enum class ErrorCode {
  kUsage,        // the command line is off
  kBadInput,     // a file, a key or a value that the user gave is wrong
  kEnvironment,  // the machine lacks something: a file, a library, memory, disk, permission
  kCorrupt,      // bytes that were once good fail their checksum or structure
  kInterrupted,  // the user or a signal ended the work
};

struct Error {
  ErrorCode code = ErrorCode::kEnvironment;
  std::string what;         // what happened, one sentence without a full stop
  std::string where;        // file, file:line, key, tensor name; may be empty
  std::string fix;          // what to do, one sentence; may be empty
  bool retryable = false;   // the same call may succeed later
  bool dataAtRisk = false;  // something the user made may be damaged or lost

  // "where: what. fix." for a terminal or a log.
  [[nodiscard]] std::string text() const;

  // Puts a step of the work before the text: "saving checkpoint step 1200: …".
  Error within(std::string_view step) &&;
};

template <typename T>
using Result = tl::expected<T, Error>;

// Short makers, so that a return reads as a sentence.
[[nodiscard]] tl::unexpected<Error> usageError(std::string what, std::string fix = {});
[[nodiscard]] tl::unexpected<Error> badInput(std::string where, std::string what,
                                             std::string fix = {});
[[nodiscard]] tl::unexpected<Error> corrupt(std::string where, std::string what,
                                            std::string fix = {});
[[nodiscard]] tl::unexpected<Error> environmentError(std::string where, std::string what,
                                                     std::string fix = {});
// From errno of a system call that just failed on `path`; names the cause and, for a full disk or a
// missing permission, the remedy. `doing`: "writing", "opening", …
[[nodiscard]] tl::unexpected<Error> systemError(int errorNumber, std::string_view doing,
                                                std::string_view path);
[[nodiscard]] tl::unexpected<Error> interrupted(std::string what);

// 2 usage, 3 bad input or corrupt, 4 environment, 5 interrupted.
[[nodiscard]] int exitStatus(ErrorCode code);

}  // namespace z2

// Z2_TRY(auto file, openFile(path)); leaves the function with the error, or binds the value.
#define Z2_TRY(declaration, expression) \
  Z2_TRY_AS(Z2_CONCAT(z2Result, __LINE__), declaration, expression)
#define Z2_TRY_AS(name, declaration, expression)               \
  auto&& name = (expression);                                  \
  if (!name) return ::tl::unexpected(std::move(name).error()); \
  declaration = std::move(name).value()
// Z2_TRY_VOID(writeAll(fd, bytes)); the same for Result<void>.
#define Z2_TRY_VOID(expression)                              \
  do {                                                       \
    if (auto z2Outcome = (expression); !z2Outcome)           \
      return ::tl::unexpected(std::move(z2Outcome).error()); \
  } while (false)
#define Z2_CONCAT(a, b) Z2_CONCAT_INNER(a, b)
#define Z2_CONCAT_INNER(a, b) a##b
