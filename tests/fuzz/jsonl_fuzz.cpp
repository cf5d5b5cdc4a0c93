// Any bytes as JSON lines, as an array of JSON records, and as text: read through, records inside
// of their blocks and counted right.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "core/data/records/record_composer.h"
#include "core/data/records/record_format.h"
#include "tests/fuzz/memory_file.h"

namespace {

uint64_t countFrom(const std::filesystem::path& path, z2::RecordFormat format, z2::TextUnit unit,
                   const z2::RecordPosition& from) {
  const auto reader = z2::openRecords(path, format, unit, from);
  if (!reader) return 0;
  z2::RecordComposer composer({{"text", "title"}, "\n"});
  z2::RecordBlock block;
  std::string text;
  uint64_t count = 0;
  while (true) {
    const auto isThere = (*reader)->next(block);
    if (!isThere || !*isThere) return count;
    for (const auto& record : block.records) {
      if (record.begin + record.size + z2::RecordBlock::kPadding > block.bytes.size()) std::abort();
      if ((*reader)->isJson()) static_cast<void>(composer.compose(block.text(record), text));
      ++count;
    }
    if (block.end.record != from.record + count) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const z2::MemoryFile file(data, size);
  for (const auto format :
       {z2::RecordFormat::kJsonLines, z2::RecordFormat::kJsonArray, z2::RecordFormat::kText})
    for (const auto unit : {z2::TextUnit::kFile, z2::TextUnit::kLine, z2::TextUnit::kParagraph})
      countFrom(file.path(), format, unit, {});
  return 0;
}
