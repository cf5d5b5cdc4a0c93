#pragma once

// The study project's text log as a run.

#include <filesystem>
#include <string_view>

#include "core/base/error.h"
#include "core/run_import/import_report.h"
#include "core/run_import/run_writer.h"

namespace z2 {

// Whether the first lines of a text look like such a log.
[[nodiscard]] bool looksLikeStudyLog(std::string_view beginning);

// Reads `file` and finishes `writer`. The log counts iterations from 0, a run counts optimizer
// steps from 1: iteration i is step i + 1, and the evaluation that it prints before iteration i
// belongs to step i. Clocks are taken as UTC plus `utcOffset` seconds. The whole text becomes the
// run's engine.log; lines that are not understood are in the report and in an event.
[[nodiscard]] Result<void> importStudyLog(const std::filesystem::path& file, double utcOffset,
                                          RunWriter& writer, ImportReport& report);

}  // namespace z2
