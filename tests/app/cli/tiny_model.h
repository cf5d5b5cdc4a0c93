#pragma once

// A model that answers at once: tests/fixtures/hf/llama_gqa with a tokenizer of characters.

#include <filesystem>

#include "core/io/json.h"

namespace z2 {

// A character a token: ' ' is 3, '!' 4, …; 0 to 2 are special.
[[nodiscard]] Json characterTokenizer();

// Copies the model to `folder` with that tokenizer beside it.
void copyTinyModel(const std::filesystem::path& folder);

}  // namespace z2
