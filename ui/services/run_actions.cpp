#include "ui/services/run_actions.h"

#include "core/run_setup/create_run.h"
#include "core/supervise/launcher.h"
#include "ui/base/background.h"
#include "ui/base/text.h"
#include "ui/services/run_watcher.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

// Stops wait for a save, so there may be several at once; they cost no processor time.
constexpr int kMostThreads = 8;
constexpr double kStartPatience = 10;

fs::path folderOf(const fs::path& run, int64_t step) {
  return run / "ckpt" / ("step_" + std::to_string(step));
}

Result<ResumePoint> begin(const RunDirectory& run, StartKind kind, bool waitsInQueue,
                          const std::function<bool()>& stillWaiting) {
  Z2_TRY_VOID(checkStartable(run, kind));
  ResumePoint point;
  if (kind == StartKind::kResume) {
    Z2_TRY(point, findResumePoint(run));
  }
  Z2_TRY_VOID(defaultSupervisorOptions());
  Z2_TRY_VOID(startDetached(run, waitsInQueue, point.proof, kStartPatience, stillWaiting));
  return point;
}

StartKind kindFor(const RunReport& report) {
  return report.status.state == RunState::kCreated ? StartKind::kStart : StartKind::kResume;
}

template <typename T>
std::optional<Error> errorOf(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error();
}

}  // namespace

RunActions::RunActions(fs::path runs, RunWatcher& watcher, QObject* parent)
    : QObject(parent), runs_(std::move(runs)), watcher_(watcher) {
  pool_.setMaxThreadCount(kMostThreads);
}

RunActions::~RunActions() {
  isEnding_->store(true);
  pool_.waitForDone();
}

std::optional<RunActions::Kind> RunActions::current(const QString& run) const {
  const auto found = busy_.find(run);
  return found == busy_.end() ? std::nullopt : std::optional(*found);
}

void RunActions::perform(const QString& run, Kind kind, Work work) {
  if (isBusy(run)) return;
  busy_.insert(run, kind);
  Q_EMIT started(run, kind);
  const fs::path path = runs_ / toPath(run);
  const StillWaiting stillWaiting = [isEnding = isEnding_] { return !isEnding->load(); };
  inBackground(
      pool_, this,
      [path, work = std::move(work), stillWaiting] { return work(path, stillWaiting); },
      [this, run, kind](const Outcome& outcome) { tell(run, kind, outcome); });
}

void RunActions::tell(const QString& run, Kind kind, const Outcome& outcome) {
  // A stop that became urgent is told by both of its actions.
  if (current(run) == kind) busy_.remove(run);
  watcher_.refresh();
  if (outcome.error) {
    Q_EMIT failed(run, kind, badNotice(run, kind, outcome));
    return;
  }
  Q_EMIT finished(run, kind, goodNotice(run, kind, outcome));
  if (kind == Kind::kFork) Q_EMIT forked(run, pathText(outcome.path.filename()));
}

void RunActions::start(const QString& run) {
  perform(run, Kind::kStart, [](const fs::path& path, const StillWaiting& stillWaiting) {
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      // What is on the disk counts: the page may still show the run as it was a moment ago.
      Z2_TRY(const RunReport report, inspectRun(directory));
      Z2_TRY_VOID(begin(directory, kindFor(report), false, stillWaiting));
      return {};
    }();
    return Outcome{.error = errorOf(done)};
  });
}

void RunActions::enqueue(const QString& run) {
  perform(run, Kind::kQueue, [](const fs::path& path, const StillWaiting& stillWaiting) {
    Outcome outcome;
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY(const RunReport report, inspectRun(directory));
      Z2_TRY(const ResumePoint point, begin(directory, kindFor(report), true, stillWaiting));
      outcome.damaged = point.damaged;
      outcome.step = point.step;
      return {};
    }();
    outcome.error = errorOf(done);
    outcome.hasNoGoodCheckpoint = !done && done.error().code == ErrorCode::kCorrupt;
    return outcome;
  });
}

void RunActions::leaveQueue(const QString& run) {
  perform(run, Kind::kLeaveQueue, [](const fs::path& path, const StillWaiting& stillWaiting) {
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY_VOID(stopRun(directory, false, stillWaiting));
      return {};
    }();
    return Outcome{.error = errorOf(done)};
  });
}

void RunActions::startNow(const QString& run) {
  perform(run, Kind::kStart, [](const fs::path& path, const StillWaiting& stillWaiting) {
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY(RunReport report, inspectRun(directory));
      if (report.status.state == RunState::kQueued) {
        Z2_TRY(report, stopRun(directory, false, stillWaiting));
      }
      if (stillWaiting()) Z2_TRY_VOID(begin(directory, kindFor(report), false, stillWaiting));
      return {};
    }();
    return Outcome{.error = errorOf(done)};
  });
}

void RunActions::stop(const QString& run) {
  perform(run, Kind::kStop, [](const fs::path& path, const StillWaiting& stillWaiting) {
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY_VOID(stopRun(directory, false, stillWaiting));
      return {};
    }();
    return Outcome{.error = errorOf(done)};
  });
}

void RunActions::stopNow(const QString& run) {
  // It may be stopping already, and must not wait for that.
  if (current(run) == Kind::kStop) busy_.remove(run);
  perform(run, Kind::kStopNow, [](const fs::path& path, const StillWaiting& stillWaiting) {
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY_VOID(stopRun(directory, true, stillWaiting));
      return {};
    }();
    return Outcome{.error = errorOf(done)};
  });
}

void RunActions::resume(const QString& run) {
  perform(run, Kind::kResume, [](const fs::path& path, const StillWaiting& stillWaiting) {
    Outcome outcome;
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory directory, RunDirectory::open(path));
      Z2_TRY(const ResumePoint point, begin(directory, StartKind::kResume, false, stillWaiting));
      outcome.damaged = point.damaged;
      outcome.step = point.step;
      return {};
    }();
    outcome.error = errorOf(done);
    outcome.hasNoGoodCheckpoint = !done && done.error().code == ErrorCode::kCorrupt;
    return outcome;
  });
}

void RunActions::extend(const QString& run, int64_t moreSteps) {
  perform(run, Kind::kExtend, [moreSteps](const fs::path& path, const StillWaiting& stillWaiting) {
    Outcome outcome;
    const auto done = [&]() -> Result<void> {
      Z2_TRY(RunDirectory directory, RunDirectory::open(path));
      Z2_TRY(const RunReport report, inspectRun(directory));
      if (isActive(report.status.state)) Z2_TRY_VOID(checkStartable(directory, StartKind::kResume));
      // Before anything is written: an extended run that cannot go on helps nobody.
      Z2_TRY(const ResumePoint point, findResumePoint(directory));
      Z2_TRY_VOID(defaultSupervisorOptions());
      Z2_TRY_VOID(directory.extend(directory.config().integer("train.steps") + moreSteps));
      Z2_TRY_VOID(startDetached(directory, false, point.proof, kStartPatience, stillWaiting));
      outcome.damaged = point.damaged;
      outcome.step = point.step;
      return {};
    }();
    outcome.error = errorOf(done);
    outcome.hasNoGoodCheckpoint = !done && done.error().code == ErrorCode::kCorrupt;
    return outcome;
  });
}

void RunActions::fork(const QString& run, std::optional<int64_t> step, const QString& name,
                      bool starts) {
  const auto work = [step, starts, name = toPath(name)](const fs::path& path,
                                                        const StillWaiting& stillWaiting) {
    Outcome outcome{.step = step, .path = path.parent_path() / name};
    const auto done = [&]() -> Result<void> {
      Z2_TRY(const RunDirectory parent, RunDirectory::open(path));
      Z2_TRY(const RunSetup setup, prepareFork(parent, step));
      Z2_TRY(const RunDirectory made, createRun(outcome.path, setup));
      if (starts) Z2_TRY_VOID(begin(made, StartKind::kStart, false, stillWaiting));
      return {};
    }();
    outcome.error = errorOf(done);
    return outcome;
  };
  perform(run, Kind::kFork, work);
}

void RunActions::verifyCheckpoint(const QString& run, int64_t step) {
  perform(run, Kind::kVerify, [step](const fs::path& path, const StillWaiting&) {
    Outcome outcome{.step = step};
    const auto loaded = CheckpointStore::load(folderOf(path, step));
    outcome.error = errorOf(loaded);
    if (loaded) outcome.bytes = static_cast<double>(loaded->info().bytes);
    return outcome;
  });
}

Notice RunActions::goodNotice(const QString& run, Kind kind, const Outcome& outcome) const {
  Notice notice{.kind = Notice::Kind::kGood, .what = {}, .meaning = {}, .remedy = {}};
  const QString step = outcome.step ? QLocale().toString(qlonglong{*outcome.step}) : QString();
  if (!outcome.damaged.empty()) {
    notice.kind = Notice::Kind::kWarning;
    notice.what =
        tr("%1: the newest checkpoint is damaged, so it goes on from step %2").arg(run, step);
    notice.meaning = toQString(outcome.damaged.front().reason);
    notice.remedy = tr("The damaged one is kept aside in the run's folder; look at the disk.");
    return notice;
  }
  switch (kind) {
    case Kind::kFork:
      notice.what = tr("%1 was made from %2").arg(pathText(outcome.path.filename()), run);
      break;
    case Kind::kVerify:
      notice.what = tr("%1: the checkpoint of step %2 is whole").arg(run, step);
      notice.meaning = tr("All %1 of it match their checksums.").arg(byteSize(outcome.bytes));
      break;
    default:
      break;
  }
  return notice;
}

Notice RunActions::badNotice(const QString& run, Kind kind, const Outcome& outcome) const {
  if (outcome.hasNoGoodCheckpoint) {
    Notice notice;
    notice.what = tr("%1 cannot be resumed: none of its checkpoints is whole").arg(run);
    notice.meaning = tr("Nothing was changed; its metrics and its settings are kept.");
    notice.remedy = tr("Bring back a copy of %1, or begin a new run with the same settings.")
                        .arg(pathText(runs_ / toPath(run) / "ckpt"));
    return notice;
  }
  Notice notice = noticeOf(*outcome.error, meaningOf(kind));
  notice.what = run + QStringLiteral(": ") + notice.what;
  return notice;
}

QString RunActions::meaningOf(Kind kind) {
  switch (kind) {
    case Kind::kStart:
    case Kind::kQueue:
      return tr("The run was not started; its settings are kept.");
    case Kind::kLeaveQueue:
    case Kind::kStop:
    case Kind::kStopNow:
      return tr("The run was not stopped.");
    case Kind::kResume:
    case Kind::kExtend:
      return tr("The run does not go on; its checkpoints and metrics are kept.");
    case Kind::kFork:
      return tr("The new run was not started; the run it comes from is as it was.");
    case Kind::kVerify:
      return tr("A resume would use an older checkpoint that is whole.");
  }
  return {};
}

}  // namespace z2::ui
