#pragma once

// The single examinations behind examineMachine.

#include <filesystem>

#include "core/doctor/doctor.h"

namespace z2 {

[[nodiscard]] Finding examineProcessor();
[[nodiscard]] Finding examineMemory();
[[nodiscard]] Finding examineDisk(const std::filesystem::path& workspace);
[[nodiscard]] Finding examineLibc();
[[nodiscard]] Finding examineLibTorch(const std::filesystem::path& programs);
[[nodiscard]] Finding examineTrainer(const std::filesystem::path& programs);
[[nodiscard]] Finding examineGpu(const std::filesystem::path& programs);
[[nodiscard]] Finding examinePlugins(const std::filesystem::path& programs);

}  // namespace z2
