#include "core/base/engine_program.h"

#include <cstdlib>
#include <string>

#include "core/base/libtorch_location.h"
#include "core/base/process.h"

namespace z2 {

namespace {

std::string environmentValue(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Result<EngineProgram> findEngine() {
  EngineProgram engine;
  if (environmentValue("OMP_WAIT_POLICY").empty())
    engine.environment.emplace_back("OMP_WAIT_POLICY", "passive");
  if (const std::string chosen = environmentValue("Z2_TRAINER"); !chosen.empty()) {
    engine.path = chosen;
    return engine;
  }
  Z2_TRY(engine.path, findSibling("z2all-train"));
  Z2_TRY(const LibTorchLocation torch, findLibTorch(engine.path.parent_path()));
  // A program in its build folder finds that build's libraries by itself.
  if (torch.source != "the folder of the build") {
    const std::string before = environmentValue("LD_LIBRARY_PATH");
    engine.environment.emplace_back(
        "LD_LIBRARY_PATH", torch.libraries.native() + (before.empty() ? "" : ":" + before));
  }
  return engine;
}

}  // namespace z2
