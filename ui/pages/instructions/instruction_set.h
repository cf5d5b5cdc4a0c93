#pragma once

// Generated instruction data of the workspace, and what is read of it for the page. None of these
// functions belongs in the GUI thread.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <QList>
#include <QString>
#include <QStringList>

#include "core/instruct/task_store.h"
#include "ui/models/text_table_model.h"

namespace z2::ui {

struct InstructionSet {
  QString name;  // of the file: "new.jsonl"; with its folder where that is called otherwise
  TaskPaths paths;
  int64_t kept = 0;
  int64_t dropped = 0;
  QStringList arguments = {};  // of the z2all that made it from here; empty: made elsewhere

  // Of `arguments`; empty when it is not among them.
  [[nodiscard]] QString argument(const char* option) const;
  [[nodiscard]] int64_t count() const;  // tasks asked for; 0: not known
};
// Every NAME.journal.jsonl in the folder and in its folders, by name.
[[nodiscard]] QList<InstructionSet> readInstructionSets(const std::filesystem::path& folder);
// Remembers the arguments beside the data, so that it can be gone on with.
[[nodiscard]] Result<void> writeArguments(const std::filesystem::path& output,
                                          const QStringList& arguments);

// What takes longer than counting lines. The rows are for tables, in the language of the window.
struct InstructionDetail {
  std::vector<InstructionTask> kept;
  std::vector<TableRow> keptRows;     // instruction, input, output
  std::vector<TableRow> droppedRows;  // reason, instruction or answer, detail
  std::map<std::string, int64_t> reasons;
  TaskTotals totals;
  Json settings = Json::object();
  QString problem;
};
[[nodiscard]] std::shared_ptr<InstructionDetail> readInstructionDetail(const TaskPaths& paths);

// Puts `after` in the place of the `index`-th task, or takes that out where `after` is null.
// kBadInput when it is not `before` any more.
[[nodiscard]] Result<void> changeTask(const std::filesystem::path& output, size_t index,
                                      const InstructionTask& before, const InstructionTask* after);

}  // namespace z2::ui
