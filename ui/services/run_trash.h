#pragma once

// Deleted runs lie in WORKSPACE/.trash until they are taken back or the user empties it by hand.

#include <filesystem>

#include "core/base/error.h"

namespace z2::ui {

// Moves RUN to `trash` and returns where it lies now. Refuses a run that some process works on.
[[nodiscard]] Result<std::filesystem::path> moveToTrash(const std::filesystem::path& run,
                                                        const std::filesystem::path& trash);
// Moves it back to `run`; refuses when something stands there.
[[nodiscard]] Result<void> takeFromTrash(const std::filesystem::path& trashed,
                                         const std::filesystem::path& run);

}  // namespace z2::ui
