#pragma once

// A folder that appears whole or not at all: it is filled under another name beside its place and
// renamed at the end.

#include <filesystem>
#include <functional>

#include "core/base/error.h"

namespace z2 {

// Destruction without commit removes what was written. Movable.
class NewFolder {
 public:
  // Makes the parent folders. kBadInput when `place` is there already and is not an empty folder.
  [[nodiscard]] static Result<NewFolder> begin(const std::filesystem::path& place);
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder();

  // Where to write.
  [[nodiscard]] const std::filesystem::path& path() const { return temporary_; }
  // Syncs the folder's names and moves it to its place; the files in it were synced by who wrote
  // them.
  [[nodiscard]] Result<void> commit();

 private:
  NewFolder(std::filesystem::path place, std::filesystem::path temporary);

  std::filesystem::path place_;
  std::filesystem::path temporary_;  // empty: committed or moved from
};

// `write` fills the folder it is given: a NewFolder where `folder` is not there or empty, `folder`
// itself where it has other files already.
[[nodiscard]] Result<void> fillFolder(
    const std::filesystem::path& folder,
    const std::function<Result<void>(const std::filesystem::path&)>& write);

}  // namespace z2
