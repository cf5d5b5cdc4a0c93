#pragma once

// A token file as the samplers draw from it: opened, checked against the model that eats it, and
// known again when a run goes on.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/data/token_file.h"

namespace z2 {

struct SampledFile {
  TokenFile file;
  // Of index, tokens and mask: both ends of the files, and what the manifest says of the rest.
  std::string identity;
};

// `task`: pretrain, sft or dpo; all but the first need PREFIX.mask. Refuses data that was made for
// another task or with a vocabulary larger than `vocabSize`.
[[nodiscard]] Result<SampledFile> openSampledFile(const std::filesystem::path& prefix,
                                                  const std::string& task, int64_t vocabSize);

// Tokens of one document from its token `offset` on. kBadInput for an id outside of the model's
// vocabulary.
[[nodiscard]] Result<void> readDocument(const TokenFile& file, uint64_t document, uint64_t offset,
                                        int64_t vocabSize, std::span<int32_t> out);

// The key of a permutation: each set, epoch and purpose has an order of its own.
[[nodiscard]] uint64_t orderKey(uint64_t seed, size_t set, uint64_t epoch, uint64_t purpose);

}  // namespace z2
