#pragma once

// Ids and masks as tokens that can be shown.

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/conversations/sample_preview.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// Appends. An end-of-text token behind the vocabulary is shown as <|endoftext|>; without a
// tokenizer tokens have no bytes.
void appendTokens(std::span<const int32_t> ids, std::span<const uint8_t> mask, bool isCut,
                  const Tokenizer* tokenizer, std::vector<PreviewToken>& out);

}  // namespace z2
