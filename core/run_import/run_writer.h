#pragma once

// Writes the directory of an imported run. It is built beside its place under another name and
// moved there whole, so that an import that fails or is killed leaves no half run.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/run/run_origin.h"
#include "core/run_import/import_report.h"

namespace z2 {

// One thread. Row by row: beginRow, put…, endRow.
class RunWriter {
 public:
  // Refuses a place where something is, unless it is an empty folder.
  [[nodiscard]] static Result<RunWriter> begin(const std::filesystem::path& output);
  ~RunWriter();  // removes what was not finished
  RunWriter(RunWriter&& other) noexcept;
  RunWriter& operator=(RunWriter&&) = delete;
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  // `time`: Unix seconds. Attempts count from 1 and never fall.
  void beginRow(int attempt, int64_t step, double time);
  // Each name once a row. Not a finite number: null, as our engine writes it. A float is written
  // with as few digits as give it back.
  void put(std::string_view name, double value);
  void put(std::string_view name, float value);
  void put(std::string_view name, int64_t value);
  [[nodiscard]] Result<void> endRow();
  [[nodiscard]] Result<void> addEvent(double time, std::string_view event, Json details);
  // Becomes the run's engine.log.
  [[nodiscard]] Result<void> writeLog(std::string_view text);

  [[nodiscard]] uint64_t rows() const { return rows_; }
  [[nodiscard]] int attempts() const { return attempt_; }
  [[nodiscard]] int64_t lastStep() const { return lastStep_; }  // the highest of all
  [[nodiscard]] double firstTime() const { return firstTime_; }
  [[nodiscard]] double lastTime() const { return lastTime_; }

  // Writes the configuration and a status of "stopped" at the last step, and moves the run to its
  // place. Fills the report's part about rows. Nothing may be written afterwards. An import without
  // a row is refused.
  [[nodiscard]] Result<void> finish(const RunConfig& config, RunOrigin origin,
                                    ImportReport& report);

 private:
  struct Output {
    std::filesystem::path path;
    FileHandle file;
    std::string pending;
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> flushWhenLarge();
  };
  RunWriter(std::filesystem::path output, std::filesystem::path stage)
      : output_(std::move(output)), stage_(std::move(stage)) {}
  void putText(std::string_view name, std::string_view number);

  std::filesystem::path output_;
  std::filesystem::path stage_;  // empty: nothing to remove
  Output metrics_;
  Output events_;
  std::map<std::string, std::string, std::less<>> names_;  // metric: `,"name":` as JSON
  uint64_t rows_ = 0;
  int attempt_ = 0;
  int64_t firstStep_ = 0;
  int64_t lastStep_ = 0;
  double firstTime_ = 0;
  double lastTime_ = 0;
};

}  // namespace z2
