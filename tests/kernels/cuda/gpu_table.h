#pragma once

#include <filesystem>
#include <string>

#include <dlfcn.h>

#include "kernels/ops.h"

namespace z2 {

// The GPU's table, or null and why there is none. The plug-in lies beside the test.
inline const Z2Ops* gpuOps(std::string& reason) {
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  void* plugin = ::dlopen((beside / Z2_CUDA_PLUGIN_NAME).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    reason = ::dlerror();
    return nullptr;
  }
  const auto open = reinterpret_cast<Z2OpenOps>(::dlsym(plugin, "z2OpenOps"));
  const Z2Ops* ops = nullptr;
  char why[512] = "z2OpenOps is not exported";
  if (open == nullptr || open(0, &ops, why, sizeof(why)) != Z2_OK) reason = why;
  return ops;
}

}  // namespace z2
