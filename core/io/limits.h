#pragma once

// What a file from a stranger may claim, in one place. A reader compares every length field with
// these and with the bytes that remain before it allocates.

#include <cstddef>
#include <cstdint>

namespace z2::limits {

inline constexpr uint64_t kSafetensorsHeaderBytes = 100'000'000;
inline constexpr uint64_t kTensors = 1'000'000;
inline constexpr uint64_t kTensorRank = 8;
inline constexpr uint64_t kTensorNameBytes = 4096;

inline constexpr int kJsonDepth = 64;
inline constexpr uint64_t kStringBytes = uint64_t{1} << 20;  // one string inside of a model's file

inline constexpr uint64_t kVocabulary = 2'000'000;
inline constexpr uint64_t kMerges = 4'000'000;
inline constexpr uint64_t kAddedTokens = 100'000;
inline constexpr uint64_t kTokenizerFileBytes = uint64_t{512} << 20;
inline constexpr size_t kSentencePieceBytes = 2048;  // of a piece that merges make
inline constexpr size_t kRegexBytes = 16'384;
inline constexpr size_t kPipelineSteps = 64;  // of a normalizer, pre-tokenizer or decoder

inline constexpr uint64_t kJsonLineBytes = uint64_t{64} << 20;
inline constexpr uint64_t kParquetFooterBytes = uint64_t{64} << 20;

}  // namespace z2::limits
