// A Megatron index with any size of token file: refused, or every place it names is inside.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "core/data/token_index.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t binBytes = 0;
  if (size < sizeof(binBytes)) return 0;
  std::memcpy(&binBytes, data, sizeof(binBytes));
  const std::span<const uint8_t> bytes(data + sizeof(binBytes), size - sizeof(binBytes));
  const auto index = z2::TokenIndex::parse(std::as_bytes(bytes), binBytes, "fuzz.idx");
  if (!index) return 0;
  const uint64_t tokens = binBytes / sizeOf(index->type());
  uint64_t total = 0;
  for (uint64_t i = 0; i < index->documents(); ++i) {
    if (index->documentStart(i) != total) std::abort();
    total += index->documentTokens(i);
  }
  if (total > tokens || (tokens > 0 && index->documents() > 0 && index->documentAt(0) != 0 &&
                         index->documentStart(index->documentAt(0)) != 0))
    std::abort();
  return 0;
}
