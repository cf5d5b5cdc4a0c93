#pragma once

// Seed tasks: examples written by people, from which new tasks are asked for.
//
//   {"instruction": text, "instances": [{"input": text, "output": text}, …]}    self-instruct
//   {"instruction": text, "input": text, "output": text}                        Alpaca

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/instruct/instruction_task.h"

namespace z2 {

struct SeedTasks {
  std::vector<InstructionTask> tasks;  // a task with several instances has its first one here
  std::string sha256;                  // of the tasks in their order
  InstructionLanguage language = InstructionLanguage::kEnglish;  // of most instructions
};

// From jsonl, json or parquet files, in their order. kBadInput names the file and the line of a
// record that is no task; also when there are fewer than `least`.
[[nodiscard]] Result<SeedTasks> readSeedTasks(const std::vector<std::filesystem::path>& files,
                                              size_t least);

}  // namespace z2
