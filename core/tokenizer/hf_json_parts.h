#pragma once

// The pipeline parts of a tokenizer.json: normalizer, pre-tokenizer, decoder, post-processor.
// Internal to core/tokenizer.

#include <optional>
#include <vector>

#include "core/tokenizer/json_view.h"
#include "core/tokenizer/tokenizer_definition.h"

namespace z2 {

// Each takes the part (nullopt: the key is null), flattens Sequences, and refuses by name what is
// not supported.
[[nodiscard]] Result<std::vector<NormalizerStep>> parseNormalizer(
    const std::optional<JsonView>& part);
[[nodiscard]] Result<std::vector<PretokenizerStep>> parsePretokenizer(
    const std::optional<JsonView>& part);
[[nodiscard]] Result<std::vector<DecoderStep>> parseDecoder(const std::optional<JsonView>& part);
[[nodiscard]] Result<void> parsePostProcessor(const std::optional<JsonView>& part,
                                              TokenizerDefinition& definition);

}  // namespace z2
