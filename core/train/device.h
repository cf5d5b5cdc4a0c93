#pragma once

// Where a run computes: the CPU, or a GPU through the plug-in libz2_cuda.so.

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "kernels/ops.h"

namespace z2 {

struct Device {
  const Z2Ops* ops = nullptr;  // lives as long as the process
  bool isHost = true;          // its memory can be read and written directly
  std::string name;
  std::string choice;  // why this one, in words, when "auto" chose
};

// `wish`: auto, cpu or cuda (train.device). `threads` of the CPU; 0: all. auto takes the CPU when
// there is no plug-in or no GPU; cuda then is an error that says what is lacking.
[[nodiscard]] Result<Device> openDevice(std::string_view wish, int threads);

}  // namespace z2
