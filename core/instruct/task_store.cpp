#include "core/instruct/task_store.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/check.h"
#include "core/instruct/task_filter.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

bool isThere(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

std::string linesOf(const Json& records) {
  std::string lines;
  for (const Json& record : records) lines += jsonLine(record) + "\n";
  return lines;
}

Result<uint64_t> sizeOf(const FileHandle& file, const fs::path& path) {
  const off_t size = ::lseek(file.fd(), 0, SEEK_END);
  if (size < 0) return systemError(errno, "reading", path.native());
  return static_cast<uint64_t>(size);
}

// Adds what a kill left out of `lines`, which begin at `at`, at the end of the file. One that does
// not end within them was edited since, and is left alone.
Result<void> finishLines(const FileHandle& file, const fs::path& path, uint64_t at,
                         const std::string& lines) {
  Z2_TRY(const uint64_t size, sizeOf(file, path));
  if (size < at || size >= at + lines.size()) return {};
  std::string there(size - at, '\0');
  if (::pread(file.fd(), there.data(), there.size(), static_cast<off_t>(at)) !=
      static_cast<ssize_t>(there.size()))
    return systemError(errno, "reading", path.native());
  if (!lines.starts_with(there)) return {};
  Z2_TRY_VOID(writeAll(file, std::string_view(lines).substr(there.size()), path));
  return syncFile(file, path);
}

Result<void> append(const FileHandle& file, const fs::path& path, const std::string& lines) {
  if (lines.empty()) return {};
  Z2_TRY_VOID(writeAll(file, lines, path));
  return syncFile(file, path);
}

// An editor may have left the last line without its end.
Result<void> endLastLine(const FileHandle& file, const fs::path& path) {
  Z2_TRY(const uint64_t size, sizeOf(file, path));
  char last = '\n';
  if (size > 0 && ::pread(file.fd(), &last, 1, static_cast<off_t>(size - 1)) != 1)
    return systemError(errno, "reading", path.native());
  return last == '\n' ? Result<void>() : writeAll(file, "\n", path);
}

}  // namespace

TaskPaths taskPathsOf(const fs::path& output) {
  const fs::path folder = output.parent_path();
  const std::string name = output.filename().native();
  const std::string stem = name.ends_with(".jsonl") ? name.substr(0, name.size() - 6) : name;
  return {.kept = output,
          .dropped = folder / ("dropped-" + name),
          .journal = folder / (stem + ".journal.jsonl")};
}

Result<TaskStore> TaskStore::open(const fs::path& output, Json settings) {
  TaskPaths paths = taskPathsOf(output);
  const bool isNew = !isThere(paths.journal);
  for (const fs::path& path : {paths.kept, paths.dropped})
    if (isNew && isThere(path))
      return badInput(path.native(), "this file is there already, and no journal says how it began",
                      "Give another --output");
  if (output.has_parent_path()) Z2_TRY_VOID(makeFolders(output.parent_path()));
  fs::path lockPath = paths.journal;
  lockPath += ".lock";
  Z2_TRY(std::optional<FileLock> lock, FileLock::tryTake(lockPath));
  if (!lock)
    return badInput(paths.kept.native(), "another process is writing to this file",
                    "Wait for it or stop it");
  TaskStore store(std::move(paths), *std::move(lock));
  if (!isNew) {
    Z2_TRY(store.journal_, TaskJournal::read(store.paths_.journal));
    Z2_TRY_VOID(store.compareSettings(settings));
  }
  Z2_TRY_VOID(store.openFiles());
  Z2_TRY_VOID(store.finishLast());
  Z2_TRY(store.kept_, readKeptTasks(store.paths_.kept));
  Z2_TRY(store.dropped_, readDroppedTasks(store.paths_.dropped));
  if (!settings.empty() && store.journal_.settings != settings)
    Z2_TRY_VOID(store.appendJournal(TaskJournal::settingsLine(settings)));
  return store;
}

Result<void> TaskStore::remove(const fs::path& output) {
  const TaskPaths paths = taskPathsOf(output);
  // The journal last: without it the others are nobody's.
  for (const fs::path& path : {paths.kept, paths.dropped, paths.journal})
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
      return systemError(errno, "removing", path.native());
  return {};
}

Result<void> TaskStore::compareSettings(const Json& settings) {
  const Json& before = journal_.settings;
  if (before.empty() || settings.empty()) return {};
  if (before.value("language", Json()) != settings.value("language", Json()))
    return badInput(paths_.kept.native(), "this file was begun in another language",
                    "Give another --output");
  for (const auto& [name, value] : settings.items())
    if (before.value(name, Json()) != value) changes_.push_back(name);
  return {};
}

Result<void> TaskStore::openFiles() {
  const bool hasTasks = journal_.totals.requests > 0;
  if (hasTasks && !isThere(paths_.kept))
    return badInput(paths_.kept.native(), "this file is gone, and its journal is not",
                    fmt::format("Remove {} to begin anew", paths_.journal.native()));
  constexpr int kFlags = O_RDWR | O_CREAT | O_APPEND;
  Z2_TRY(journalFile_, openFile(paths_.journal, kFlags));
  // Half a line that a kill left is no request yet.
  Z2_TRY(const std::string text, readFile(paths_.journal));
  const size_t whole = text.empty() ? 0 : text.rfind('\n') + 1;
  if (whole < text.size() && ::ftruncate(journalFile_.fd(), static_cast<off_t>(whole)) != 0)
    return systemError(errno, "writing", paths_.journal.native());
  Z2_TRY(keptFile_, openFile(paths_.kept, kFlags));
  Z2_TRY(droppedFile_, openFile(paths_.dropped, kFlags));
  const fs::path folder = paths_.kept.has_parent_path() ? paths_.kept.parent_path() : ".";
  return syncFolder(folder);
}

Result<void> TaskStore::finishLast() {
  if (const auto& last = journal_.lastRequest) {
    Z2_TRY_VOID(finishLines(keptFile_, paths_.kept, last->value("kept_at", uint64_t{0}),
                            linesOf(last->at("kept"))));
    Z2_TRY_VOID(finishLines(droppedFile_, paths_.dropped, last->value("dropped_at", uint64_t{0}),
                            linesOf(last->at("dropped"))));
  }
  Z2_TRY_VOID(endLastLine(keptFile_, paths_.kept));
  return endLastLine(droppedFile_, paths_.dropped);
}

Result<void> TaskStore::appendJournal(const Json& line) {
  return append(journalFile_, paths_.journal, jsonLine(line) + "\n");
}

uint64_t TaskStore::nextRequest(uint64_t from) const {
  while (journal_.done.contains(from)) ++from;
  return from;
}

Result<void> TaskStore::commit(const RequestOutcome& outcome) {
  Z2_TRY(const uint64_t keptAt, sizeOf(keptFile_, paths_.kept));
  Z2_TRY(const uint64_t droppedAt, sizeOf(droppedFile_, paths_.dropped));
  const Json line = TaskJournal::requestLine(outcome, keptAt, droppedAt);
  Z2_TRY_VOID(appendJournal(line));
  Z2_TRY_VOID(append(keptFile_, paths_.kept, linesOf(line["kept"])));
  Z2_TRY_VOID(append(droppedFile_, paths_.dropped, linesOf(line["dropped"])));
  kept_.insert(kept_.end(), outcome.kept.begin(), outcome.kept.end());
  dropped_.insert(dropped_.end(), outcome.dropped.begin(), outcome.dropped.end());
  journal_.count(outcome);
  return {};
}

// Only the line that is meant is touched: others may have fields that are not read here. Their
// places in the journal no longer count.
Result<void> TaskStore::rewriteLine(size_t index, const InstructionTask* task) {
  Z2_TRY_VOID(close());
  std::string text;
  size_t number = 0;
  Z2_TRY_VOID(
      forEachRecord(paths_.kept, [&](const Json& before, const std::string&) -> Result<void> {
        const bool isMeant = number++ == index;
        if (isMeant && task == nullptr) return {};
        Json record = before;
        if (isMeant) record.update(task->toJson());
        text += jsonLine(record) + "\n";
        return {};
      }));
  Z2_TRY_VOID(replaceFile(paths_.kept, text));
  Z2_TRY(keptFile_, openFile(paths_.kept, O_RDWR | O_CREAT | O_APPEND));
  return {};
}

Result<void> TaskStore::replaceTask(size_t index, const InstructionTask& task) {
  Z2_CHECK(index < kept_.size());
  Z2_TRY_VOID(rewriteLine(index, &task));
  kept_[index] = task;
  return {};
}

Result<void> TaskStore::removeTask(size_t index) {
  Z2_CHECK(index < kept_.size());
  DroppedTask removed{.task = kept_[index], .reason = std::string(drop_reason::kByHand)};
  Z2_TRY_VOID(append(droppedFile_, paths_.dropped, jsonLine(removed.toJson()) + "\n"));
  dropped_.push_back(std::move(removed));
  Z2_TRY_VOID(rewriteLine(index, nullptr));
  kept_.erase(kept_.begin() + static_cast<ptrdiff_t>(index));
  return {};
}

Result<void> TaskStore::close() {
  journal_.lastRequest.reset();
  return appendJournal(TaskJournal::closedLine());
}

}  // namespace z2
