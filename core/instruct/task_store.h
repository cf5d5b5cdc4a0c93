#pragma once

// The files of generated instruction data, and what makes them survive a kill at any moment.
//
//   FILE.jsonl             the kept tasks, Alpaca records
//   dropped-FILE.jsonl     the others, each with "reason" and "detail"
//   FILE.journal.jsonl     what was asked and what came of it, a line a request
//
// A request's line, with all its tasks and with where in the two files they belong, is on the disk
// before they are appended there. So an answer is either in the journal, and then its tasks are in
// the files once, or it is asked for again. Between calls the files may be edited by hand: the
// journal ends with a line that says that all is where it belongs, and then the files are taken as
// they are; after a kill only what is missing at their end is added.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/instruct/instruction_task.h"
#include "core/instruct/task_journal.h"
#include "core/instruct/task_records.h"
#include "core/io/file_lock.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace z2 {

struct TaskPaths {
  std::filesystem::path kept;
  std::filesystem::path dropped;
  std::filesystem::path journal;
};
[[nodiscard]] TaskPaths taskPathsOf(const std::filesystem::path& output);

// One thread at a time; one process at a time, which a lock sees to.
class TaskStore {
 public:
  // Opens what is there or begins anew. `settings` decide what is made; what differs from those of
  // the last call is in changes(). kBadInput, with nothing changed: another process writes the
  // file, it was not made here, its language is another, a line of it is broken.
  [[nodiscard]] static Result<TaskStore> open(const std::filesystem::path& output, Json settings);
  // Removes the three files.
  [[nodiscard]] static Result<void> remove(const std::filesystem::path& output);

  [[nodiscard]] const TaskPaths& paths() const { return paths_; }
  [[nodiscard]] const std::vector<InstructionTask>& kept() const { return kept_; }
  [[nodiscard]] const std::vector<DroppedTask>& dropped() const { return dropped_; }
  [[nodiscard]] const TaskTotals& totals() const { return journal_.totals; }
  [[nodiscard]] const std::vector<std::string>& changes() const { return changes_; }
  // The least number from `from` on of a request that was not made.
  [[nodiscard]] uint64_t nextRequest(uint64_t from) const;

  [[nodiscard]] Result<void> commit(const RequestOutcome& outcome);
  // Puts another task in the place of the `index`-th kept one; or takes it out, to the dropped ones
  // as removed by hand, so that nothing like it is kept again.
  [[nodiscard]] Result<void> replaceTask(size_t index, const InstructionTask& task);
  [[nodiscard]] Result<void> removeTask(size_t index);
  // Says in the journal that all is where it belongs.
  [[nodiscard]] Result<void> close();

 private:
  TaskStore(TaskPaths paths, FileLock lock) : paths_(std::move(paths)), lock_(std::move(lock)) {}
  [[nodiscard]] Result<void> compareSettings(const Json& settings);
  [[nodiscard]] Result<void> finishLast();
  [[nodiscard]] Result<void> openFiles();
  [[nodiscard]] Result<void> appendJournal(const Json& line);
  [[nodiscard]] Result<void> rewriteLine(size_t index, const InstructionTask* task);

  TaskPaths paths_;
  FileLock lock_;
  FileHandle keptFile_;
  FileHandle droppedFile_;
  FileHandle journalFile_;
  std::vector<InstructionTask> kept_;
  std::vector<DroppedTask> dropped_;
  TaskJournal journal_;
  std::vector<std::string> changes_;
};

}  // namespace z2
