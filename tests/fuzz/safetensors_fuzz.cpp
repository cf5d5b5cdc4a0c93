// Any bytes as a safetensors file: refused in words, or every tensor lies inside the file, behind
// the one before it, with as many bytes as its shape says.

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/check.h"
#include "core/io/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto header = z2::parseSafetensors(bytes, "fuzz");
  if (!header) {
    Z2_CHECK(!header.error().what.empty(), "an error without words");
    return 0;
  }
  uint64_t at = 0;
  for (const z2::SafetensorsEntry& entry : header->entries) {
    Z2_CHECK(entry.begin == at && entry.end >= entry.begin, entry.name);
    uint64_t count = z2::sizeOf(entry.type);
    for (const uint64_t extent : entry.shape) count *= extent;
    Z2_CHECK(count == entry.end - entry.begin, entry.name);
    at = entry.end;
  }
  Z2_CHECK(header->dataStart + at == size, "bytes outside of all tensors");
  return 0;
}
