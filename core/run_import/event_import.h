#pragma once

// TensorBoard's event files as a run.

#include <filesystem>
#include <string_view>

#include "core/base/error.h"
#include "core/run_import/import_report.h"
#include "core/run_import/import_run.h"
#include "core/run_import/run_writer.h"

namespace z2 {

// Whether a file begins as an event file does.
[[nodiscard]] bool looksLikeEventFile(std::string_view beginning);
// Whether the folder holds files that are named like event files.
[[nodiscard]] bool holdsEventFiles(const std::filesystem::path& folder);

// Reads one event file or all of a folder (not of its subfolders) and finishes `writer`. Numbers of
// one step that were logged within a second share a row; its time is that of the first. A file that
// begins after the ones before it ended, and repeats one of their tags, is a new attempt, and so is
// a tag whose step falls. Tags keep their names, but for a few well-known ones that have a name
// here (train/learning_rate is lr) unless options.keepsNames; the report tells.
[[nodiscard]] Result<void> importEventFiles(const ImportOptions& options, RunWriter& writer,
                                            ImportReport& report);

}  // namespace z2
