#pragma once

// Runs of other programs, from the files they left.

#include <filesystem>
#include <string_view>

#include "core/base/error.h"
#include "core/run_import/import_report.h"

namespace z2 {

enum class ImportFormat { kAuto, kStudyLog, kTensorBoard };
// "auto", "z2all-log", "tensorboard".
[[nodiscard]] std::string_view nameOf(ImportFormat format);
[[nodiscard]] Result<ImportFormat> parseImportFormat(std::string_view name);

struct ImportOptions {
  std::filesystem::path source;  // a file, or a folder of event files
  std::filesystem::path output;  // the run's folder; must not exist yet
  ImportFormat format = ImportFormat::kAuto;
  double utcOffset = 0;       // seconds that a text log's clock is ahead of UTC
  bool keepsNames = false;    // metrics keep the names that the source gives them
  bool passesDamage = false;  // of a damaged event file, take what is before the damage
};

// What the source is, judged by its content.
[[nodiscard]] Result<ImportFormat> detectFormat(const std::filesystem::path& source);
// Makes the run. After an error nothing is left.
[[nodiscard]] Result<ImportReport> importRun(const ImportOptions& options);

}  // namespace z2
