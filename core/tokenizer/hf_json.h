#pragma once

// Hugging Face's tokenizer files: tokenizer.json, tokenizer_config.json, special_tokens_map.json.

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

// Reads the text of a tokenizer.json. `where` names it in errors. Both spellings of merges are
// read. A part that is not supported (another model, normalizer, pre-tokenizer, decoder,
// post-processor, dropout) is named and refused: ids that differ silently would be worse.
[[nodiscard]] Result<TokenizerDefinition> parseHfTokenizer(std::string_view text,
                                                           std::string_view where);
// The text of a tokenizer.json that `tokenizers` loads to the same tokenizer.
[[nodiscard]] std::string writeHfTokenizer(const TokenizerDefinition& definition);

// Reads bos_token, eos_token, pad_token and unk_token of `folder`'s tokenizer_config.json and
// special_tokens_map.json, where present, into the definition.
[[nodiscard]] Result<void> readHfTokenizerConfig(const std::filesystem::path& folder,
                                                 TokenizerDefinition& definition);
// Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json into `folder`, made if
// need be, each atomically.
[[nodiscard]] Result<void> writeHfTokenizerFolder(const TokenizerDefinition& definition,
                                                  const std::filesystem::path& folder);

}  // namespace z2
