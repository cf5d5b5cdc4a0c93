#pragma once

// A token file, PREFIX.bin + PREFIX.idx (+ PREFIX.mask, one byte a token), memory-mapped.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/data/token_index.h"
#include "core/io/files.h"

namespace z2 {

// "PREFIX" + ".bin" and so on; a PREFIX may hold dots.
[[nodiscard]] std::filesystem::path withSuffix(const std::filesystem::path& prefix,
                                               std::string_view suffix);

// Immutable and thread-safe.
class TokenFile {
 public:
  enum class Mask { kIgnored, kRequired };

  // Checks the whole index against the size of the token file (O(sequences)); the tokens themselves
  // are not touched.
  [[nodiscard]] static Result<TokenFile> open(const std::filesystem::path& prefix,
                                              Mask mask = Mask::kIgnored);

  [[nodiscard]] const TokenIndex& index() const { return index_; }
  [[nodiscard]] const std::filesystem::path& prefix() const { return prefix_; }
  [[nodiscard]] std::span<const std::byte> tokenBytes() const { return bin_.bytes(); }
  [[nodiscard]] std::span<const std::byte> indexBytes() const { return idx_.bytes(); }

  // Tokens first … first + out.size() - 1, which must lie in the file. An int64 outside of int32
  // becomes -1, which no vocabulary holds.
  void read(uint64_t first, std::span<int32_t> out) const;
  [[nodiscard]] bool hasMask() const { return !mask_.bytes().empty(); }
  // The loss mask of the same tokens; only with Mask::kRequired.
  [[nodiscard]] std::span<const uint8_t> mask(uint64_t first, uint64_t count) const;

 private:
  std::filesystem::path prefix_;
  MappedFile bin_;
  MappedFile idx_;
  MappedFile mask_;
  TokenIndex index_;
};

}  // namespace z2
