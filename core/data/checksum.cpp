#include "core/data/checksum.h"

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include "core/io/files.h"

namespace z2 {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

std::string hexOf(XXH128_hash_t hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

struct StateDeleter {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

std::string checksumOf(std::span<const std::byte> bytes) {
  return hexOf(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string checksumOf(std::string_view text) { return checksumOf(std::as_bytes(std::span(text))); }

Result<std::string> checksumOfFile(const std::filesystem::path& path) {
  Z2_TRY(const FileHandle file, openFile(path, O_RDONLY));
  const std::unique_ptr<XXH3_state_t, StateDeleter> state(XXH3_createState());
  if (!state) return environmentError(path.native(), "no memory for a checksum");
  XXH3_128bits_reset(state.get());
  std::vector<char> buffer(kBufferBytes);
  while (true) {
    const ssize_t count = ::read(file.fd(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemError(errno, "reading", path.native());
    if (count == 0) return hexOf(XXH3_128bits_digest(state.get()));
    XXH3_128bits_update(state.get(), buffer.data(), static_cast<size_t>(count));
  }
}

}  // namespace z2
