#pragma once

// Parquet files through the plug-in libz2_parquet.so, which is loaded from beside the program when
// the first one is opened. Rows come as JSON objects, column name to value.

#include <filesystem>
#include <memory>

#include "core/data/records/record_reader.h"

namespace z2 {

// kEnvironment when the plug-in or Arrow's libraries are not there; kBadInput for a file that Arrow
// refuses.
[[nodiscard]] Result<std::unique_ptr<RecordReader>> openParquet(const std::filesystem::path& path,
                                                                const RecordPosition& from);

}  // namespace z2
