#pragma once

// Finds the elements of one JSON array that is too large to parse at once, by brackets and strings
// alone; each element is then parsed on its own, so that one broken element costs only itself.

#include <memory>

#include "core/data/records/splitting_reader.h"

namespace z2 {

// `isInside`: reading goes on behind an element, not before the array.
[[nodiscard]] std::unique_ptr<RecordSplitter> makeJsonArraySplitter(std::string where,
                                                                    bool isInside);

}  // namespace z2
