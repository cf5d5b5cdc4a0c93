#pragma once

// XXH3-128 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): finds damage, not malice.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

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

[[nodiscard]] std::string checksumOf(std::string_view bytes);

}  // namespace z2
