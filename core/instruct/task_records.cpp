#include "core/instruct/task_records.h"

#include <utility>

namespace z2 {

namespace fs = std::filesystem;

namespace {

std::string textOf(const Json& record, const char* name) {
  const auto found = record.find(name);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Json DroppedTask::toJson() const {
  Json record = answer.empty() ? task.toJson() : Json{{"answer", answer}};
  record["reason"] = reason;
  record["detail"] = detail;
  return record;
}

DroppedTask DroppedTask::fromJson(const Json& record) {
  return {
      .task = {textOf(record, "instruction"), textOf(record, "input"), textOf(record, "output")},
      .answer = textOf(record, "answer"),
      .reason = textOf(record, "reason"),
      .detail = textOf(record, "detail")};
}

Result<std::vector<InstructionTask>> readKeptTasks(const fs::path& file) {
  std::vector<InstructionTask> tasks;
  Z2_TRY_VOID(forEachRecord(file, [&](const Json& record, const std::string& where) {
    return InstructionTask::fromJson(record, where).map([&](InstructionTask task) {
      tasks.push_back(std::move(task));
    });
  }));
  return tasks;
}

Result<std::vector<DroppedTask>> readDroppedTasks(const fs::path& file) {
  std::vector<DroppedTask> tasks;
  Z2_TRY_VOID(forEachRecord(file, [&](const Json& record, const std::string&) -> Result<void> {
    if (record.is_object()) tasks.push_back(DroppedTask::fromJson(record));
    return {};
  }));
  return tasks;
}

}  // namespace z2
