#pragma once

// A foreign model as a checkpoint of our own: every tensor checked, checksums beside them.

#include <filesystem>

#include "core/base/error.h"
#include "core/model_files/model_source.h"

namespace z2 {

// Makes `folder` (refused when it is there already and not empty) a checkpoint directory: the
// weights in the type in which they came, so no bit is lost, manifest.json, and the tokenizer, if
// the source has one, in the folder "tokenizer". After an error nothing is left.
[[nodiscard]] Result<void> importModel(const ModelSource& source,
                                       const std::filesystem::path& folder);

}  // namespace z2
