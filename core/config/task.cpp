#include "core/config/task.h"

#include <string>
#include <string_view>

namespace z2 {

std::string_view nameOf(Task task) {
  switch (task) {
    case Task::kPretrain:
      return "pretrain";
    case Task::kSft:
      return "sft";
    case Task::kDpo:
      return "dpo";
  }
  return "";
}

Result<Task> parseTask(std::string_view name) {
  for (const Task task : {Task::kPretrain, Task::kSft, Task::kDpo})
    if (nameOf(task) == name) return task;
  return badInput("task", "\"" + std::string(name) + "\" is not a task",
                  "Use pretrain, sft or dpo");
}

}  // namespace z2
