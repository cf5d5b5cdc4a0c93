#pragma once

// A tokenizer's files on their way to another folder.

#include <filesystem>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// Copies the tokenizer at `from` (a folder or a file, as Tokenizer::open takes it) into `folder`
// under the names that transformers looks for (tokenizer.json, tokenizer.model, …), with the chat
// template and settings that lie beside it. Returns the new files' names; kBadInput when there is
// no tokenizer.
[[nodiscard]] Result<std::vector<std::filesystem::path>> copyTokenizerFiles(
    const std::filesystem::path& from, const std::filesystem::path& folder);

}  // namespace z2
