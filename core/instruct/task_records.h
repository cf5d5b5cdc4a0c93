#pragma once

// The records of instruction data in files, a line each.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/instruct/instruction_task.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

// A task that was not kept; of an answer without a task its text.
struct DroppedTask {
  InstructionTask task = {};
  std::string answer = {};
  std::string reason = {};
  std::string detail = {};

  [[nodiscard]] Json toJson() const;
  [[nodiscard]] static DroppedTask fromJson(const Json& record);
};

// What stands in a file of tasks, also while somebody writes it: a last line that is not whole is
// left out.
[[nodiscard]] Result<std::vector<InstructionTask>> readKeptTasks(const std::filesystem::path& file);
[[nodiscard]] Result<std::vector<DroppedTask>> readDroppedTasks(const std::filesystem::path& file);

// Calls `take(record, where)` for each whole line of the file; `where` is "file:line".
template <typename Take>
Result<void> forEachRecord(const std::filesystem::path& file, const Take& take) {
  Z2_TRY(const MappedFile mapped, MappedFile::open(file));
  const std::string_view text = mapped.text();
  size_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    const std::string_view line = trimmed(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    const std::string where = file.native() + ":" + std::to_string(number);
    Z2_TRY(const Json record, parseJson(line, where));
    Z2_TRY_VOID(take(record, where));
  }
  return {};
}

}  // namespace z2
