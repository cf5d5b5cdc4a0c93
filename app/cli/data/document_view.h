#pragma once

// One document of a token file, as people and other programs look at it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/data/token_file.h"
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

struct DocumentView {
  std::vector<int32_t> ids;
  std::vector<uint8_t> mask;      // of a file without one: all 1
  std::vector<uint64_t> lengths;  // of its sequences
};

[[nodiscard]] Result<DocumentView> readDocumentView(const TokenFile& file, uint64_t number);

// {"ids","mask","text"}; of a pair also "prompt", "chosen" and "rejected" with the same. The text
// is null without a tokenizer.
[[nodiscard]] Json documentJson(const DocumentView& document, const Tokenizer* tokenizer);

// Bytes for a terminal: what it must not act on is shown as an escape.
void appendSafely(std::string_view bytes, std::string& text);

// The text with what is trained in green, for a terminal. Of a pair each sequence after its name.
[[nodiscard]] std::string colouredText(const DocumentView& document, const Tokenizer& tokenizer);

}  // namespace z2::cli
