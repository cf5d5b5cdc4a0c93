#pragma once

// What an import took over, and what it did not.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/io/json.h"

namespace z2 {

// Parts of the source that have no place in a run or were not understood, one entry a kind.
struct LeftOut {
  std::string what;   // a line of the text, or the kind of a record
  std::string where;  // the first: "FILE:LINE", or a tag
  uint64_t count = 0;
};

struct ImportReport {
  std::string format;
  std::filesystem::path run;
  std::vector<std::string> files;
  uint64_t lines = 0;    // of text; 0 for binary files
  uint64_t records = 0;  // of binary files
  uint64_t rows = 0;     // of metrics.jsonl
  int attempts = 0;
  int64_t firstStep = 0;
  int64_t lastStep = 0;
  std::vector<std::string> metrics;            // by name, sorted
  std::vector<std::string> keys;               // of the configuration that the source told
  std::map<std::string, std::string> renamed;  // metric in the run: its name in the source
  std::vector<LeftOut> leftOut;                // sorted by count
  std::vector<std::string> notes;              // a torn end, damage that was passed over

  [[nodiscard]] uint64_t leftOutCount() const;
};

[[nodiscard]] Json toJson(const ImportReport& report);

}  // namespace z2
