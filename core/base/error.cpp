#include "core/base/error.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace z2 {

namespace {

tl::unexpected<Error> make(ErrorCode code, std::string where, std::string what, std::string fix) {
  return tl::unexpected(Error{
      .code = code, .what = std::move(what), .where = std::move(where), .fix = std::move(fix)});
}

}  // namespace

std::string Error::text() const {
  std::string text = where.empty() ? what : where + ": " + what;
  // What stands inside may be a whole text of its own.
  if (!fix.empty()) text += (text.ends_with('.') ? " " : ". ") + fix;
  return text;
}

Error Error::within(std::string_view step) && {
  what = std::string(step) + ": " + what;
  return std::move(*this);
}

tl::unexpected<Error> usageError(std::string what, std::string fix) {
  return make(ErrorCode::kUsage, {}, std::move(what), std::move(fix));
}

tl::unexpected<Error> badInput(std::string where, std::string what, std::string fix) {
  return make(ErrorCode::kBadInput, std::move(where), std::move(what), std::move(fix));
}

tl::unexpected<Error> corrupt(std::string where, std::string what, std::string fix) {
  return make(ErrorCode::kCorrupt, std::move(where), std::move(what), std::move(fix));
}

tl::unexpected<Error> environmentError(std::string where, std::string what, std::string fix) {
  return make(ErrorCode::kEnvironment, std::move(where), std::move(what), std::move(fix));
}

tl::unexpected<Error> systemError(int errorNumber, std::string_view doing, std::string_view path) {
  std::string fix;
  if (errorNumber == ENOSPC || errorNumber == EDQUOT)
    fix = "Free some space on that disk and try again";
  else if (errorNumber == EACCES || errorNumber == EPERM || errorNumber == EROFS)
    fix = "Check the permissions of the file and of its folder";
  auto failure =
      make(ErrorCode::kEnvironment, std::string(path),
           std::string(doing) + " failed: " + std::strerror(errorNumber), std::move(fix));
  failure.value().retryable =
      errorNumber == EINTR || errorNumber == EAGAIN || errorNumber == ENOSPC;
  return failure;
}

tl::unexpected<Error> interrupted(std::string what) {
  return make(ErrorCode::kInterrupted, {}, std::move(what), {});
}

int exitStatus(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return 2;
    case ErrorCode::kBadInput:
    case ErrorCode::kCorrupt:
      return 3;
    case ErrorCode::kEnvironment:
      return 4;
    case ErrorCode::kInterrupted:
      return 5;
  }
  return 4;
}

}  // namespace z2
