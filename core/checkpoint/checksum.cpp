#include "core/checkpoint/checksum.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#define XXH_STATIC_LINKING_ONLY  // the state's size
#include <xxhash.h>

namespace z2 {

struct Checksum::State {
  XXH3_state_t xxh;
};

Checksum::Checksum() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh); }
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
}

std::string Checksum::hex() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state_->xxh));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string checksumOf(std::string_view bytes) {
  Checksum checksum;
  checksum.add(std::as_bytes(std::span(bytes)));
  return checksum.hex();
}

}  // namespace z2
