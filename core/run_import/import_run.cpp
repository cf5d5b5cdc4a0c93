#include "core/run_import/import_run.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/io/files.h"
#include "core/run_import/event_import.h"
#include "core/run_import/log_import.h"
#include "core/run_import/run_writer.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr size_t kLookedAt = size_t{64} << 10;  // bytes that tell what a file is

constexpr std::array<std::pair<ImportFormat, std::string_view>, 3> kFormats = {
    {{ImportFormat::kAuto, "auto"},
     {ImportFormat::kStudyLog, "z2all-log"},
     {ImportFormat::kTensorBoard, "tensorboard"}}};

}  // namespace

std::string_view nameOf(ImportFormat format) {
  for (const auto& [one, name] : kFormats)
    if (one == format) return name;
  return "";
}

Result<ImportFormat> parseImportFormat(std::string_view name) {
  for (const auto& [format, one] : kFormats)
    if (one == name) return format;
  return usageError(fmt::format("\"{}\" is not a format of a run that can be imported", name));
}

Result<ImportFormat> detectFormat(const fs::path& source) {
  std::error_code failure;
  if (fs::is_directory(source, failure)) return ImportFormat::kTensorBoard;
  Z2_TRY(const MappedFile file, MappedFile::open(source));
  const std::string_view beginning = file.text().substr(0, kLookedAt);
  if (looksLikeEventFile(beginning)) return ImportFormat::kTensorBoard;
  if (looksLikeStudyLog(beginning)) return ImportFormat::kStudyLog;
  return badInput(source.native(), "this is no log of a run that is known here",
                  "Known are llm-zero2all's text log and TensorBoard's event files");
}

Result<ImportReport> importRun(const ImportOptions& options) {
  std::error_code failure;
  if (!fs::exists(options.source, failure))
    return systemError(ENOENT, "opening", options.source.native());
  ImportFormat format = options.format;
  if (format == ImportFormat::kAuto) {
    Z2_TRY(format, detectFormat(options.source));
  }
  Z2_TRY(RunWriter writer, RunWriter::begin(options.output));
  ImportReport report;
  if (format == ImportFormat::kTensorBoard) {
    Z2_TRY_VOID(importEventFiles(options, writer, report));
  } else {
    Z2_TRY_VOID(importStudyLog(options.source, options.utcOffset, writer, report));
  }
  return report;
}

}  // namespace z2
