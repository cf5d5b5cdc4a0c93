#include "ui/pages/runs/run_edits.h"

#include <optional>
#include <vector>

#include "ui/base/background.h"
#include "ui/base/text.h"
#include "ui/services/run_trash.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

struct Trashed {
  fs::path from, to;
};

struct Removal {
  std::vector<Trashed> trashed;
  std::optional<Error> error;
};

Removal removeAll(const std::vector<fs::path>& runs, const fs::path& trash) {
  Removal removal;
  for (const fs::path& run : runs) {
    auto target = moveToTrash(run, trash);
    if (target)
      removal.trashed.push_back({.from = run, .to = *std::move(target)});
    else
      removal.error = std::move(target).error();
  }
  return removal;
}

std::optional<Error> restoreAll(const std::vector<Trashed>& trashed) {
  std::optional<Error> error;
  for (const Trashed& run : trashed)
    if (auto outcome = takeFromTrash(run.to, run.from); !outcome)
      error = std::move(outcome).error();
  return error;
}

}  // namespace

RunEdits::RunEdits(Workbench& workbench, QObject* parent)
    : QObject(parent), workbench_(workbench) {}

void RunEdits::change(const QStringList& names, const Change& change, const QString& failure) {
  std::vector<fs::path> runs;
  for (const QString& name : names) runs.push_back(workbench_.workspace().runs() / toPath(name));
  const auto work = [runs, change]() -> std::optional<Error> {
    for (const fs::path& run : runs) {
      RunLabel label = readRunLabel(run);
      change(label);
      if (auto written = writeRunLabel(run, label); !written) return std::move(written).error();
    }
    return std::nullopt;
  };
  inBackground(this, work, [this, failure](const std::optional<Error>& error) {
    if (error) workbench_.notify(noticeOf(*error, failure));
    workbench_.runs().refresh();
  });
}

void RunEdits::rename(const QString& name, const QString& title) {
  change(
      {name}, [title](RunLabel& label) { label.title = title; },
      tr("The run keeps its name; nothing else was touched."));
}

void RunEdits::setTags(const QStringList& names, const QStringList& tags) {
  change(
      names, [tags](RunLabel& label) { label.tags = tags; },
      tr("The run keeps its tags; nothing else was touched."));
}

void RunEdits::setArchived(const QStringList& names, bool isArchived) {
  change(
      names, [isArchived](RunLabel& label) { label.isArchived = isArchived; },
      tr("The run stays where it was in the list."));
  if (!isArchived) return;
  Notice notice = {.kind = Notice::Kind::kGood,
                   .what = tr("%n runs archived", nullptr, static_cast<int>(names.size())),
                   .meaning = tr("They are hidden, nothing was deleted."),
                   .remedy = {}};
  notice.actionText = tr("Undo");
  notice.action = [this, names] { setArchived(names, false); };
  workbench_.notify(notice);
}

void RunEdits::remove(const QStringList& names) {
  std::vector<fs::path> runs;
  for (const QString& name : names) runs.push_back(workbench_.workspace().runs() / toPath(name));
  const fs::path trash = workbench_.workspace().folder() / ".trash";
  inBackground(
      this, [runs, trash] { return removeAll(runs, trash); },
      [this, trash](const Removal& removal) {
        workbench_.runs().refresh();
        if (removal.error)
          workbench_.notify(noticeOf(*removal.error, tr("This run was not deleted.")));
        if (removal.trashed.empty()) return;
        Notice notice = {.kind = Notice::Kind::kGood,
                         .what = tr("%n runs moved to the trash", nullptr,
                                    static_cast<int>(removal.trashed.size())),
                         .meaning = tr("They lie in %1 until you empty it.").arg(pathText(trash)),
                         .remedy = {}};
        notice.actionText = tr("Undo");
        notice.action = [this, trashed = removal.trashed] {
          inBackground(
              this, [trashed] { return restoreAll(trashed); },
              [this](const std::optional<Error>& error) {
                if (error)
                  workbench_.notify(noticeOf(*error, tr("The run is still in the trash.")));
                workbench_.runs().refresh();
              });
        };
        workbench_.notify(notice);
      });
}

}  // namespace z2::ui
