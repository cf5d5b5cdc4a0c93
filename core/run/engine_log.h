#pragma once

// engine.log: what the engine and its supervisor have to say, with time and level.

#include <filesystem>
#include <memory>
#include <string>

#include <spdlog/logger.h>

#include "core/base/error.h"

namespace z2 {

// Appends; each line is flushed, so that a crash loses none. `name` stands in each line. The logger
// is not registered globally and is thread-safe.
[[nodiscard]] Result<std::shared_ptr<spdlog::logger>> openEngineLog(
    const std::filesystem::path& file, const std::string& name);

}  // namespace z2
