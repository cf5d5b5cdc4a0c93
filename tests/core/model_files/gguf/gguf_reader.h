#pragma once

// A GGUF file taken apart by its specification, for the tests of the writer.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/json.h"

namespace z2 {

struct ReadTensor {
  std::vector<uint64_t> dimensions;  // the contiguous one first, as the file has them
  uint32_t type = 0;
  std::string bytes;
};

struct ReadGguf {
  Json metadata = Json::object();
  std::map<std::string, ReadTensor> tensors;
};

// Throws std::out_of_range where the bytes end too early.
[[nodiscard]] ReadGguf readGguf(std::string_view bytes);

}  // namespace z2
