#include "core/io/new_folder.h"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "core/io/files.h"

namespace z2 {

namespace fs = std::filesystem;

NewFolder::NewFolder(fs::path place, fs::path temporary)
    : place_(std::move(place)), temporary_(std::move(temporary)) {}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : place_(std::move(other.place_)), temporary_(std::exchange(other.temporary_, {})) {}

NewFolder::~NewFolder() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

Result<NewFolder> NewFolder::begin(const fs::path& place) {
  const fs::path absolute = fs::absolute(place).lexically_normal();
  const fs::path clean = absolute.has_filename() ? absolute : absolute.parent_path();
  std::error_code failure;
  if (fs::exists(clean, failure) && !fs::is_empty(clean, failure))
    return badInput(place.native(), "this is there already and is not an empty folder",
                    "Name a new folder");
  Z2_TRY_VOID(makeFolders(clean.parent_path()));
  fs::path temporary =
      clean.parent_path() / fmt::format(".{}.tmp-{}", clean.filename().native(), ::getpid());
  fs::remove_all(temporary, failure);
  Z2_TRY_VOID(makeFolders(temporary));
  return NewFolder(clean, std::move(temporary));
}

Result<void> NewFolder::commit() {
  Z2_TRY_VOID(syncFolder(temporary_));
  // rename(2) replaces an empty folder.
  if (std::rename(temporary_.c_str(), place_.c_str()) != 0)
    return systemError(errno, "creating", place_.native());
  temporary_.clear();
  return syncFolder(place_.parent_path());
}

Result<void> fillFolder(const fs::path& folder,
                        const std::function<Result<void>(const fs::path&)>& write) {
  std::error_code failure;
  if (fs::is_directory(folder, failure) && !fs::is_empty(folder, failure)) return write(folder);
  Z2_TRY(NewFolder fresh, NewFolder::begin(folder));
  Z2_TRY_VOID(write(fresh.path()));
  return fresh.commit();
}

}  // namespace z2
