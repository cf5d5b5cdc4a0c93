#include "ui/services/gpu_reader.h"

#include <array>

#include <dlfcn.h>

namespace z2::ui {

namespace {

// The parts of nvml.h that are used; its ABI is stable.
using Device = void*;
struct Utilization {
  unsigned gpu;
  unsigned memory;
};
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
constexpr int kSuccess = 0;
constexpr int kTemperatureOfGpu = 0;

struct CloseLibrary {
  void operator()(void* handle) const { ::dlclose(handle); }
};

}  // namespace

struct GpuReader::Library {
  std::unique_ptr<void, CloseLibrary> handle;
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*device)(unsigned, Device*) = nullptr;
  int (*name)(Device, char*, unsigned) = nullptr;
  int (*utilization)(Device, Utilization*) = nullptr;
  int (*memory)(Device, Memory*) = nullptr;
  int (*temperature)(Device, int, unsigned*) = nullptr;
  int (*power)(Device, unsigned*) = nullptr;

  template <typename Function>
  bool find(Function*& function, const char* symbol) {
    function = reinterpret_cast<Function*>(::dlsym(handle.get(), symbol));
    return function != nullptr;
  }

  bool open() {
    handle.reset(::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL));
    return handle != nullptr && find(init, "nvmlInit_v2") && find(shutdown, "nvmlShutdown") &&
           find(count, "nvmlDeviceGetCount_v2") && find(device, "nvmlDeviceGetHandleByIndex_v2") &&
           find(name, "nvmlDeviceGetName") && find(utilization, "nvmlDeviceGetUtilizationRates") &&
           find(memory, "nvmlDeviceGetMemoryInfo") &&
           find(temperature, "nvmlDeviceGetTemperature") &&
           find(power, "nvmlDeviceGetPowerUsage") && init() == kSuccess;
  }

  [[nodiscard]] GpuLoad read(Device gpu) const {
    GpuLoad load;
    std::array<char, 96> text{};
    if (name(gpu, text.data(), text.size()) == kSuccess) load.name = QString::fromUtf8(text.data());
    Utilization busy{};
    if (utilization(gpu, &busy) == kSuccess) load.percent = static_cast<int>(busy.gpu);
    Memory bytes{};
    if (memory(gpu, &bytes) == kSuccess) {
      load.usedBytes = static_cast<double>(bytes.used);
      load.totalBytes = static_cast<double>(bytes.total);
    }
    unsigned value = 0;
    if (temperature(gpu, kTemperatureOfGpu, &value) == kSuccess)
      load.temperature = static_cast<int>(value);
    if (power(gpu, &value) == kSuccess) load.watts = value / 1000.0;
    return load;
  }
};

GpuReader::GpuReader() : library_(std::make_unique<Library>()) {
  if (!library_->open()) library_.reset();
}

GpuReader::~GpuReader() {
  if (library_ != nullptr) library_->shutdown();
}

QList<GpuLoad> GpuReader::read() const {
  QList<GpuLoad> loads;
  unsigned count = 0;
  if (library_ == nullptr || library_->count(&count) != kSuccess) return loads;
  for (unsigned i = 0; i < count; ++i) {
    Device gpu = nullptr;
    if (library_->device(i, &gpu) == kSuccess) loads.append(library_->read(gpu));
  }
  return loads;
}

}  // namespace z2::ui
