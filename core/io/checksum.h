#pragma once

// XXH3-128 (xxHash's specification, doc/xxhash_spec.md): what manifests hold to notice damage and
// change. It finds damage, not malice.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace z2 {

// Over bytes that come piece by piece; the pieces' sizes do not matter.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void add(std::span<const std::byte> bytes);
  [[nodiscard]] std::string hex() const;  // 32 lower-case digits, canonical byte order

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string checksumOf(std::span<const std::byte> bytes);
[[nodiscard]] std::string checksumOf(std::string_view text);
// Reads the file through a buffer of one megabyte, so that memory does not grow with it.
[[nodiscard]] Result<std::string> checksumOfFile(const std::filesystem::path& path);

}  // namespace z2
