#pragma once

// Splitters of JSON lines and of plain text by line, by paragraph, or not at all.

#include <memory>

#include "core/data/records/splitting_reader.h"

namespace z2 {

[[nodiscard]] std::unique_ptr<RecordSplitter> makeLineSplitter(bool isJson);
// Each line with its end, blank ones too.
[[nodiscard]] std::unique_ptr<RecordSplitter> makeWholeLineSplitter();
[[nodiscard]] std::unique_ptr<RecordSplitter> makeParagraphSplitter();
[[nodiscard]] std::unique_ptr<RecordSplitter> makeWholeFileSplitter();

}  // namespace z2
