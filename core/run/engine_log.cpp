#include "core/run/engine_log.h"

#include <exception>
#include <filesystem>
#include <memory>
#include <string>

#include <spdlog/sinks/basic_file_sink.h>

namespace z2 {

Result<std::shared_ptr<spdlog::logger>> openEngineLog(const std::filesystem::path& file,
                                                      const std::string& name) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.native());
    auto logger = std::make_shared<spdlog::logger>(name, std::move(sink));
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %-5l %n: %v");
    logger->flush_on(spdlog::level::trace);
    return logger;
  } catch (const std::exception& failure) {
    return environmentError(file.native(), failure.what(),
                            "Check the permissions of the file and of its folder");
  }
}

}  // namespace z2
