#pragma once

// tokenizer_config.json, the file in which `transformers` looks for a tokenizer's settings.

#include <filesystem>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

// Writes `config` with a "model_max_length" that means no limit, spelled as transformers spells it
// (int(1e30), an integer of more than 64 bits, which a JSON value cannot hold).
[[nodiscard]] Result<void> writeTokenizerConfig(const std::filesystem::path& folder, Json config);

}  // namespace z2
