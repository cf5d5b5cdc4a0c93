#pragma once

// FILE.journal.jsonl: what was asked for and what came of it, a line a request. How it is used is
// told in task_store.h.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "core/base/error.h"
#include "core/instruct/instruction_task.h"
#include "core/instruct/task_records.h"
#include "core/io/json.h"

namespace z2 {

// One request that is done with.
struct RequestOutcome {
  uint64_t request = 0;  // its number
  std::vector<InstructionTask> kept = {};
  std::vector<DroppedTask> dropped = {};
  int64_t attempts = 1;
  int64_t promptTokens = 0;  // of all attempts
  int64_t completionTokens = 0;
  bool hasUsage = false;
};

struct TaskTotals {
  uint64_t requests = 0;
  uint64_t attempts = 0;
  int64_t promptTokens = 0;
  int64_t completionTokens = 0;
  uint64_t withoutUsage = 0;  // requests whose tokens the server did not count
};

struct TaskJournal {
  TaskTotals totals;
  std::set<uint64_t> done;          // numbers of the requests
  std::optional<Json> lastRequest;  // its line, when none says that its tasks are in the files
  Json settings = Json::object();   // the last ones

  // A last line that is not whole is left out.
  [[nodiscard]] static Result<TaskJournal> read(const std::filesystem::path& file);
  void count(const RequestOutcome& outcome);

  [[nodiscard]] static Json settingsLine(const Json& settings);
  // With where the tasks begin in their files, in bytes.
  [[nodiscard]] static Json requestLine(const RequestOutcome& outcome, uint64_t keptAt,
                                        uint64_t droppedAt);
  [[nodiscard]] static Json closedLine();

 private:
  [[nodiscard]] Result<void> take(const Json& line);
};

}  // namespace z2
