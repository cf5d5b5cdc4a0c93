#include "core/train/device.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <dlfcn.h>

#include "kernels/cpu_ops.h"

namespace z2 {

namespace {

constexpr const char* kPlugin = "libz2_cuda.so";
constexpr size_t kReasonBytes = 512;

Result<Device> describe(const Z2Ops& ops, bool isHost) {
  Z2DeviceInfo info{};
  if (ops.deviceInfo(ops.context, &info) != Z2_OK)
    return environmentError("device", ops.lastError(ops.context));
  return Device{&ops, isHost, info.name, {}};
}

// The plug-in lies beside the program; it stays loaded as long as the process.
Result<Device> openGpu() {
  std::error_code failure;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
  const std::filesystem::path path = program.parent_path() / kPlugin;
  if (failure || !std::filesystem::exists(path))
    return environmentError("train.device", "the GPU plug-in " + path.native() + " is not there",
                            "Install it beside z2all-train, or set train.device=cpu");
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return environmentError(path.native(), ::dlerror(), "Or set train.device=cpu");
  const auto open = reinterpret_cast<Z2OpenOps>(::dlsym(library, "z2OpenOps"));
  if (open == nullptr) return environmentError(path.native(), "this is no plug-in of operations");
  const Z2Ops* ops = nullptr;
  std::string reason(kReasonBytes, '\0');
  if (open(0, &ops, reason.data(), reason.size()) != Z2_OK)
    return environmentError("GPU", reason.c_str(), "Or set train.device=cpu");
  if (ops->version != Z2_OPS_VERSION || ops->size != sizeof(Z2Ops))
    return environmentError(path.native(), "the plug-in is of another version than this program",
                            "Install both from one package");
  return describe(*ops, false);
}

}  // namespace

Result<Device> openDevice(std::string_view wish, int threads) {
  if (wish == "cpu") return describe(cpuOps(threads), true);
  auto gpu = openGpu();
  if (gpu || wish == "cuda") return gpu;
  Z2_TRY(Device cpu, describe(cpuOps(threads), true));
  cpu.choice = "the CPU is used: " + gpu.error().what;
  return cpu;
}

}  // namespace z2
