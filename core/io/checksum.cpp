#include "core/io/checksum.h"

#include <cerrno>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY  // the state's size
#include <xxhash.h>

#include "core/io/files.h"

namespace z2 {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

}  // namespace

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

std::string checksumOf(std::span<const std::byte> bytes) {
  Checksum checksum;
  checksum.add(bytes);
  return checksum.hex();
}

std::string checksumOf(std::string_view text) { return checksumOf(std::as_bytes(std::span(text))); }

Result<std::string> checksumOfFile(const std::filesystem::path& path) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  Checksum checksum;
  std::vector<std::byte> buffer(kBufferBytes);
  while (true) {
    const ssize_t count = ::read(file.fd(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path.native());
    if (count == 0) return checksum.hex();
    checksum.add(std::span(buffer).first(static_cast<size_t>(count)));
  }
}

}  // namespace z2
