#pragma once

// Token files of other programs, memory-mapped and checked.

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/base/error.h"
#include "core/io/files.h"

namespace z2 {

// One file of bare tokens. Immutable and thread-safe.
class ForeignTokens {
 public:
  // The study project's .bin: little-endian uint16 and nothing else. May be empty.
  [[nodiscard]] static Result<ForeignTokens> openHeaderless(const std::filesystem::path& path);
  // llm.c's .bin: 256 int32 of header (magic 20240520 version 1: uint16 tokens; magic 20240801
  // version 7: uint32 tokens; then the number of tokens), then the tokens.
  [[nodiscard]] static Result<ForeignTokens> openLlmC(const std::filesystem::path& path);

  [[nodiscard]] uint64_t size() const { return size_; }
  // Tokens first … first + out.size() - 1; a uint32 beyond int32 becomes -1.
  void read(uint64_t first, std::span<int32_t> out) const;

 private:
  MappedFile file_;
  uint64_t headerBytes_ = 0;
  uint64_t elementBytes_ = 2;
  uint64_t size_ = 0;
};

// The study project's sample index (.ibin): pairs of uint32, the file in which a sample begins and
// the token at which it does. Checks that it belongs to these files in this order: that every
// sample begins inside of its file, and that all follow one another at one distance. Says that
// distance, the sequence length; 0 for an index of fewer than two samples.
[[nodiscard]] Result<uint64_t> checkSampleIndex(const std::filesystem::path& path,
                                                std::span<const uint64_t> fileTokens);

}  // namespace z2
