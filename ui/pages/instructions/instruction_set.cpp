#include "ui/pages/instructions/instruction_set.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "ui/base/core_words.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kJournal = ".journal.jsonl";

int64_t linesOf(const fs::path& file) {
  const auto mapped = MappedFile::open(file);
  return mapped ? std::ranges::count(mapped->text(), '\n') : 0;
}

TableCell cellOf(const std::string& text) {
  const QString whole = toQString(text);
  return {.text = whole.simplified(), .toolTip = whole};
}

fs::path argumentsFile(const fs::path& output) {
  fs::path file = output;
  file.replace_extension(".command.json");
  return file;
}

QStringList readArguments(const fs::path& output) {
  QStringList arguments;
  const auto json = readJsonFile(argumentsFile(output));
  if (!json || !json->is_object() || !json->contains("arguments")) return arguments;
  for (const Json& argument : (*json)["arguments"])
    if (argument.is_string()) arguments.append(toQString(argument.get<std::string>()));
  return arguments;
}

void readFolder(const fs::path& folder, const fs::path& root, QList<InstructionSet>& sets) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.is_directory(failure) && folder == root) readFolder(entry.path(), root, sets);
    const std::string name = entry.path().filename().native();
    if (!name.ends_with(kJournal)) continue;
    const std::string stem = name.substr(0, name.size() - kJournal.size());
    const TaskPaths paths = taskPathsOf(folder / (stem + ".jsonl"));
    const bool isInItsOwn = folder != root && folder.filename() == stem;
    const QString file = toQString(paths.kept.filename().native());
    const QString shown = folder == root || isInItsOwn
                              ? file
                              : toQString(folder.filename().native()) + QLatin1Char('/') + file;
    sets.append({.name = shown,
                 .paths = paths,
                 .kept = linesOf(paths.kept),
                 .dropped = linesOf(paths.dropped),
                 .arguments = readArguments(paths.kept)});
  }
}

}  // namespace

QString InstructionSet::argument(const char* option) const {
  const qsizetype at = arguments.indexOf(QString::fromLatin1(option));
  return at < 0 ? QString() : arguments.value(at + 1);
}

int64_t InstructionSet::count() const { return argument("--count").toLongLong(); }

QList<InstructionSet> readInstructionSets(const fs::path& folder) {
  QList<InstructionSet> sets;
  readFolder(folder, folder, sets);
  std::ranges::sort(sets, {}, &InstructionSet::name);
  return sets;
}

Result<void> writeArguments(const fs::path& output, const QStringList& arguments) {
  Json list = Json::array();
  for (const QString& argument : arguments) list.push_back(toUtf8(argument));
  Z2_TRY_VOID(makeFolders(output.parent_path()));
  return writeJsonFile(argumentsFile(output), {{"arguments", list}});
}

std::shared_ptr<InstructionDetail> readInstructionDetail(const TaskPaths& paths) {
  auto detail = std::make_shared<InstructionDetail>();
  const auto read = [&]() -> Result<void> {
    Z2_TRY(const TaskJournal journal, TaskJournal::read(paths.journal));
    detail->totals = journal.totals;
    detail->settings = journal.settings;
    Z2_TRY(detail->kept, readKeptTasks(paths.kept));
    for (const InstructionTask& task : detail->kept)
      detail->keptRows.push_back(
          {cellOf(task.instruction), cellOf(task.input), cellOf(task.output)});
    Z2_TRY(const std::vector<DroppedTask> dropped, readDroppedTasks(paths.dropped));
    std::map<std::string, QString> words;  // translating looks through all that core says
    for (const DroppedTask& task : dropped) {
      ++detail->reasons[task.reason];
      const auto [reason, isNew] = words.try_emplace(task.reason);
      if (isNew) reason->second = coreText(task.reason);
      detail->droppedRows.push_back(
          {{.text = reason->second},
           cellOf(task.answer.empty() ? task.task.instruction : task.answer),
           cellOf(task.detail)});
    }
    return {};
  };
  if (const auto done = read(); !done)
    detail->problem = toQString(done.error().where) + QStringLiteral(": ") +
                      coreText(done.error().what) + QStringLiteral("\n") +
                      coreText(done.error().fix);
  return detail;
}

Result<void> changeTask(const fs::path& output, size_t index, const InstructionTask& before,
                        const InstructionTask* after) {
  Z2_TRY(TaskStore store, TaskStore::open(output, Json::object()));
  if (index >= store.kept().size() || store.kept()[index].toJson() != before.toJson())
    return badInput(output.native(), "this task was changed meanwhile", "Look at it again");
  return after == nullptr ? store.removeTask(index) : store.replaceTask(index, *after);
}

}  // namespace z2::ui
