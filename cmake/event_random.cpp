// The two functions of glibc 2.36 by which Debian's archive of libevent draws random numbers, so
// that the programs start on the older glibc of a node: by getrandom(2), which Linux has had
// since 3.17.

#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <sys/random.h>

extern "C" void arc4random_buf(void* buffer, size_t size) noexcept {
  auto* bytes = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got = ::getrandom(bytes, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();  // never without random numbers
    bytes += got;
    size -= static_cast<size_t>(got);
  }
}

extern "C" uint32_t arc4random() noexcept {
  uint32_t value = 0;
  arc4random_buf(&value, sizeof(value));
  return value;
}
