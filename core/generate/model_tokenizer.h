#pragma once

// The tokenizer that belongs to a model which a user named.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model_files/model_source.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// `named` (--tokenizer) wins over the model's own. kUsage when there is neither; kBadInput when the
// tokenizer has ids that the model lacks.
[[nodiscard]] Result<std::shared_ptr<const Tokenizer>> openModelTokenizer(
    const ModelDescription& model, const std::string& named);

// Where that tokenizer lies.
[[nodiscard]] std::filesystem::path tokenizerPathOf(const ModelDescription& model,
                                                    const std::string& named);

// What ends a text: the model's end tokens and the tokenizer's.
[[nodiscard]] std::vector<int64_t> stopIdsOf(const ModelDescription& model,
                                             const Tokenizer& tokenizer);

}  // namespace z2
