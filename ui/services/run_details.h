#pragma once

// What a run's small files say, read on a worker thread: configuration, events, checkpoints.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/io/json.h"

namespace z2::ui {

struct ConfigRow {
  std::string key;
  Json value;
  bool isChanged = false;  // differs from the preset and the defaults
  friend bool operator==(const ConfigRow&, const ConfigRow&) = default;
};

struct EventRow {
  double time = 0;  // Unix seconds
  std::string event;
  std::optional<int64_t> step;
  Json details;  // the rest of the line
  friend bool operator==(const EventRow&, const EventRow&) = default;
};

struct CheckpointRow {
  int64_t step = 0;
  std::optional<double> score;  // validation loss
  uint64_t bytes = 0;
  std::filesystem::path folder;
  std::string problem;  // its manifest cannot be read: why
  friend bool operator==(const CheckpointRow&, const CheckpointRow&) = default;
};

struct RunDetails {
  std::vector<ConfigRow> config;
  std::vector<EventRow> events;            // in the order of the file
  std::vector<CheckpointRow> checkpoints;  // the newest first
  std::string problem;                     // of run.json
  friend bool operator==(const RunDetails&, const RunDetails&) = default;
};

// Any thread's. Lines of events.jsonl that are no events are passed over.
[[nodiscard]] RunDetails readRunDetails(const std::filesystem::path& run);

}  // namespace z2::ui
