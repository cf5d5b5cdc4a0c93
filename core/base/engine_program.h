#pragma once

// The engine's program, z2all-train, and what it is to find in its environment: how every part of
// the project starts it.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct EngineProgram {
  std::filesystem::path path;
  std::vector<std::pair<std::string, std::string>> environment;  // added to this process's
};

// Z2_TRAINER when it is set, else z2all-train beside this program. The environment names LibTorch's
// folder when the program does not find it by itself, and lets OpenMP's idle threads sleep instead
// of spinning (an OMP_WAIT_POLICY that the user set stays): where other work shares the cores,
// training is twice as fast so.
[[nodiscard]] Result<EngineProgram> findEngine();

}  // namespace z2
