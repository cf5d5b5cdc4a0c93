#pragma once

// What one process of a machine hands to the next, so that a checkpoint's bytes are verified once:
// that they were, and what its files were to the file system then. It holds for kProofSeconds, and
// only while no file of the checkpoint was written, replaced or touched since: a write through the
// file system changes a file's times, which no program sets back. Like the checksums it guards
// against damage, not against malice.

#include <filesystem>
#include <string>
#include <string_view>

#include "core/checkpoint/manifest.h"

namespace z2 {

inline constexpr double kProofSeconds = 600;

// Of a checkpoint whose bytes verify; taken before they are read, and good when one that is taken
// after that equals it in all but its time (sameFiles). Empty: a file cannot be looked at, or was
// written so lately that another write might have the same time.
[[nodiscard]] std::string proofOf(const std::filesystem::path& checkpoint,
                                  const Manifest& manifest);
[[nodiscard]] bool sameFiles(std::string_view one, std::string_view other);
// Whether the proof is of this checkpoint as it is now.
[[nodiscard]] bool proofHolds(std::string_view proof, const std::filesystem::path& checkpoint,
                              const Manifest& manifest);

}  // namespace z2
