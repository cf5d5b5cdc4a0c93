#include "kernels/cpu/memory.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernels/cpu/context.h"
#include "kernels/cpu/peak.h"

namespace z2 {
namespace {

constexpr size_t kAlignment = 256;
constexpr size_t kHugePage = size_t{2} << 20;

// Large buffers lie on huge pages where the system has them: fewer misses of the page tables.
Z2Status allocate(Z2Context* context, size_t bytes, void** out) {
  const size_t alignment = bytes >= 2 * kHugePage ? kHugePage : kAlignment;
  const size_t rounded = (std::max<size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  *out = rounded < bytes ? nullptr : std::aligned_alloc(alignment, rounded);
  if (*out == nullptr) {
    return fail(context, Z2_NO_MEMORY,
                "the machine has no " + std::to_string(bytes >> 20) + " MiB of memory left");
  }
  if (alignment == kHugePage) madvise(*out, rounded, MADV_HUGEPAGE);
  return Z2_OK;
}

Z2Status release(Z2Context* /*context*/, void* memory) {
  std::free(memory);
  return Z2_OK;
}

Z2Status fillZero(Z2Context* /*context*/, void* memory, size_t bytes) {
  if (bytes != 0) std::memset(memory, 0, bytes);
  return Z2_OK;
}

Z2Status copy(Z2Context* /*context*/, void* to, const void* from, size_t bytes) {
  if (bytes != 0) std::memmove(to, from, bytes);
  return Z2_OK;
}

Z2Status synchronize(Z2Context* /*context*/) { return Z2_OK; }

// The value behind `key` in a file of lines "key : value".
std::string valueOf(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    const size_t colon = line.find(':');
    const size_t start = line.find_first_not_of(" \t", colon + 1);
    if (colon != std::string::npos && start != std::string::npos) return line.substr(start);
  }
  return {};
}

Z2Status deviceInfo(Z2Context* context, Z2DeviceInfo* out) {
  *out = {};
  std::string model = valueOf("/proc/cpuinfo", "model name");
  if (model.empty()) model = "CPU";
  std::snprintf(out->name, sizeof out->name, "%.96s, %d %s", model.c_str(), context->threads,
                context->threads == 1 ? "thread" : "threads");
  // 16-bit types are computed in fp32.
  if (context->peakFlops == 0) context->peakFlops = measurePeakFlops(context->threads);
  for (double& peak : out->peakTflops) peak = context->peakFlops * 1e-12;
  out->memoryBytes = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  const std::string available = valueOf("/proc/meminfo", "MemAvailable");
  out->freeBytes = std::strtoll(available.c_str(), nullptr, 10) << 10;
  return Z2_OK;
}

}  // namespace

void addMemoryEntries(Z2Ops& ops) {
  ops.deviceInfo = deviceInfo;
  ops.allocate = allocate;
  ops.release = release;
  ops.fillZero = fillZero;
  ops.copyToDevice = copy;
  ops.copyToHost = copy;
  ops.copyOnDevice = copy;
  ops.synchronize = synchronize;
}

int availableCores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return std::max(1, CPU_COUNT(&cores));
}

}  // namespace z2
