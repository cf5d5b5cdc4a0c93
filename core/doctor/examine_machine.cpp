#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include "core/base/format.h"
#include "core/doctor/findings.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr double kLittleMemory = 2e9;  // bytes
constexpr double kLittleDisk = 5e9;    // bytes
// What the node bundle is built for (Ubuntu 22.04).
constexpr int kOldestLibcMinor = 35;

// The value of the first line "name : value".
std::string lineOf(const char* file, std::string_view name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name)) continue;
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? std::string() : line.substr(begin);
  }
  return {};
}

double memoryBytes(std::string_view name) {
  return std::strtod(lineOf("/proc/meminfo", name).c_str(), nullptr) * 1024;
}

}  // namespace

Finding examineProcessor() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::string flags = " " + lineOf("/proc/cpuinfo", "flags") + " ";
  std::vector<std::string> vectors;
  for (const char* unit : {"avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16"})
    if (flags.find(std::string(" ") + unit + " ") != std::string::npos) vectors.emplace_back(unit);
  const bool isFast = flags.find(" avx2 ") != std::string::npos;
  const std::string model = lineOf("/proc/cpuinfo", "model name");
  const std::string name = model.empty() ? "a processor" : model;
  const std::string units =
      vectors.empty() ? "without AVX2" : fmt::format("{}", fmt::join(vectors, ", "));
  return {.name = "cpu",
          .health = isFast ? Health::kGood : Health::kNote,
          .found = cores == 1 ? fmt::format("{} with one core, {}", name, units)
                              : fmt::format("{} with {} cores, {}", name, cores, units),
          .fix = isFast ? "" : "Training works but is slow; a processor with AVX2 is much faster",
          .details = {{"cores", cores}, {"model", model}, {"vector_units", vectors}}};
}

Finding examineMemory() {
  const double total = memoryBytes("MemTotal");
  const double available = memoryBytes("MemAvailable");
  const bool isLittle = available < kLittleMemory;
  return {.name = "memory",
          .health = isLittle ? Health::kNote : Health::kGood,
          .found = fmt::format("{} of {} are free", formatBytes(available), formatBytes(total)),
          .fix = isLittle ? "Close other programs, or train a small model with a small micro-batch"
                          : "",
          .details = {{"total_gb", total / 1e9}, {"available_gb", available / 1e9}}};
}

Finding examineDisk(const fs::path& workspace) {
  std::error_code failure;
  fs::path existing = fs::absolute(workspace, failure);
  while (!fs::exists(existing, failure) && existing.has_relative_path())
    existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, failure);
  if (failure)
    return {.name = "disk",
            .health = Health::kBroken,
            .found = workspace.native() + " cannot be reached: " + failure.message(),
            .fix = "Choose another workspace with --workspace or Z2_WORKSPACE"};
  const auto free = static_cast<double>(space.available);
  const bool isLittle = free < kLittleDisk;
  return {.name = "disk",
          .health = isLittle ? Health::kNote : Health::kGood,
          .found = fmt::format("{} are free for the workspace {}", formatBytes(free),
                               workspace.native()),
          .fix = isLittle ? "Free some space: checkpoints take 12 bytes a parameter each" : "",
          .details = {{"workspace", workspace.native()}, {"free_gb", free / 1e9}}};
}

Finding examineLibc() {
  const std::string version = ::gnu_get_libc_version();
  const int minor = std::atoi(version.substr(version.find('.') + 1).c_str());
  const bool isOld = version.starts_with("2.") && minor < kOldestLibcMinor;
  return {.name = "glibc",
          .health = isOld ? Health::kNote : Health::kGood,
          .found = "glibc " + version,
          .fix = isOld ? fmt::format("Bundles need glibc 2.{} or newer (Ubuntu 22.04, Debian 12)",
                                     kOldestLibcMinor)
                       : "",
          .details = {{"version", version}}};
}

}  // namespace z2
