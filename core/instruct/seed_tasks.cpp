#include "core/instruct/seed_tasks.h"

#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/data/records/record_format.h"
#include "core/instruct/instruction_words.h"
#include "core/io/sha256.h"

namespace z2 {

namespace {

namespace fs = std::filesystem;

Result<InstructionTask> seedOf(const Json& record, const std::string& where) {
  if (!record.is_object() || !record.contains("instances"))
    return InstructionTask::fromJson(record, where);
  const Json& instances = record["instances"];
  if (!instances.is_array() || instances.empty() || !instances[0].is_object())
    return badInput(where, "\"instances\" is no list of {\"input\",\"output\"}",
                    "Give each task one instance at least");
  Json flat = instances[0];
  flat["instruction"] = record.value("instruction", Json());
  return InstructionTask::fromJson(flat, where);
}

Result<void> readFileOfSeeds(const fs::path& file, std::vector<InstructionTask>& tasks) {
  Z2_TRY(const RecordFormat format, detectRecordFormat(file));
  if (format == RecordFormat::kText)
    return badInput(file.native(), "seed tasks are JSON, and this is text",
                    "Give a jsonl file of {\"instruction\",\"input\",\"output\"}");
  Z2_TRY(const std::unique_ptr<RecordReader> reader,
         openRecords(file, format, TextUnit::kLine, RecordPosition()));
  RecordBlock block;
  while (true) {
    Z2_TRY(const bool isRead, reader->next(block));
    if (!isRead) return {};
    for (const RecordBlock::Record& record : block.records) {
      const std::string where = fmt::format("{}:{}", file.native(), record.line);
      if (record.problem != nullptr) return badInput(where, record.problem);
      Z2_TRY(const Json json, parseJson(block.text(record), where));
      Z2_TRY(InstructionTask task, seedOf(json, where));
      if (task.instruction.empty() || task.output.empty())
        return badInput(where, "this task has no instruction or no output",
                        "Complete it or take it out");
      tasks.push_back(std::move(task));
    }
  }
}

}  // namespace

Result<SeedTasks> readSeedTasks(const std::vector<fs::path>& files, size_t least) {
  SeedTasks seeds;
  for (const fs::path& file : files) Z2_TRY_VOID(readFileOfSeeds(file, seeds.tasks));
  if (seeds.tasks.size() < least)
    return badInput(files.empty() ? std::string() : files[0].native(),
                    fmt::format("{} seed tasks are too few: a request shows {} of them",
                                seeds.tasks.size(), least),
                    "Add tasks, or ask with a smaller --examples");
  Sha256 sum;
  size_t chinese = 0;
  for (const InstructionTask& task : seeds.tasks) {
    sum.update(jsonLine(task.toJson()));
    if (languageOf(instructionWords(task.instruction)) == InstructionLanguage::kChinese) ++chinese;
  }
  seeds.sha256 = sum.finishHex();
  if (2 * chinese > seeds.tasks.size()) seeds.language = InstructionLanguage::kChinese;
  return seeds;
}

}  // namespace z2
