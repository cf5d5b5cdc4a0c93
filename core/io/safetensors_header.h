#pragma once

// The JSON header of a safetensors file, read as a stream of events: a hostile header costs time
// and memory in proportion to its length and cannot hide a second value under one key.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace z2 {

// Entries in the header's order, each well-formed in itself (type, rank, name, begin <= end, length
// of the bytes = product of the shape × size of the type); their places are not compared with each
// other or the file. Errors are kBadInput and name the tensor.
struct SafetensorsHeaderJson {
  std::vector<SafetensorsEntry> entries;
  std::map<std::string, std::string> metadata;
};
[[nodiscard]] Result<SafetensorsHeaderJson> readSafetensorsHeader(std::string_view json,
                                                                  std::string_view where);

}  // namespace z2
