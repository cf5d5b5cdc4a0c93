// Any bytes as a parquet file, through the plug-in: refused or read, nothing else. A run of equal
// values takes a few bytes however long it is, so a small file may truly hold rows for minutes: a
// few blocks of each are enough.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/data/records/parquet_reader.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const z2::MemoryFile file(data, size);
  const auto reader = z2::openParquet(file.path(), {});
  if (!reader) return 0;
  z2::RecordBlock block;
  constexpr int kBlocks = 8;
  for (int count = 0; count < kBlocks; ++count) {
    const auto isThere = (*reader)->next(block);
    if (!isThere || !*isThere) return 0;
  }
  return 0;
}
