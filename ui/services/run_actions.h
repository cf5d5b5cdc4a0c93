#pragma once

// What a person does to a run, done on worker threads and told by signals.
//
// Every action answers with started, then finished or failed; both carry a notice for the banner
// (an empty one: the change of state says enough), which the workbench shows by itself. While an
// action works on a run, further ones on it are ignored (isBusy).

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QHash>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint_store.h"
#include "ui/base/notice.h"

namespace z2::ui {

class RunWatcher;

class RunActions : public QObject {
  Q_OBJECT

 public:
  enum class Kind {
    kStart,
    kQueue,
    kLeaveQueue,
    kStop,
    kStopNow,
    kResume,
    kExtend,
    kFork,
    kVerify
  };

  RunActions(std::filesystem::path runs, RunWatcher& watcher, QObject* parent = nullptr);
  // Waits for what cannot be broken off (a second or two); the runs themselves go on.
  ~RunActions() override;

  // `run`: name of a directory in the workspace's runs/.
  void start(const QString& run);
  // Waits until no other run of the workspace is at work; a run that stopped is then resumed.
  void enqueue(const QString& run);
  void leaveQueue(const QString& run);
  // Starts a run of the queue at once, beside what is at work.
  void startNow(const QString& run);
  // It finishes its step and saves.
  void stop(const QString& run);
  // It ends at once; the steps since the last checkpoint are lost.
  void stopNow(const QString& run);
  // Every byte of the checkpoint is verified first.
  void resume(const QString& run);
  // Adds steps to what the run was made for, and resumes it.
  void extend(const QString& run, int64_t moreSteps);
  // A new run `name` with the same configuration that begins with the weights of the checkpoint
  // (the newest whole one where `step` is empty), and starts it when `starts`.
  void fork(const QString& run, std::optional<int64_t> step, const QString& name, bool starts);
  void verifyCheckpoint(const QString& run, int64_t step);

  [[nodiscard]] bool isBusy(const QString& run) const { return busy_.contains(run); }
  [[nodiscard]] std::optional<Kind> current(const QString& run) const;

 Q_SIGNALS:
  void started(const QString& run, z2::ui::RunActions::Kind kind);
  void finished(const QString& run, z2::ui::RunActions::Kind kind, const z2::ui::Notice& notice);
  void failed(const QString& run, z2::ui::RunActions::Kind kind, const z2::ui::Notice& notice);
  // After finished of kFork: the new run's name.
  void forked(const QString& run, const QString& name);

 private:
  // What a worker brings back, for texts that are made in the GUI thread.
  struct Outcome {
    std::optional<int64_t> step = {};  // of the checkpoint that was used
    std::vector<DamagedCheckpoint> damaged = {};
    double bytes = 0;
    std::filesystem::path path = {};
    bool hasNoGoodCheckpoint = false;
    std::optional<Error> error = {};
  };
  using StillWaiting = std::function<bool()>;
  using Work = std::function<Outcome(const std::filesystem::path& run, const StillWaiting&)>;

  void perform(const QString& run, Kind kind, Work work);
  void tell(const QString& run, Kind kind, const Outcome& outcome);
  [[nodiscard]] Notice goodNotice(const QString& run, Kind kind, const Outcome& outcome) const;
  [[nodiscard]] Notice badNotice(const QString& run, Kind kind, const Outcome& outcome) const;
  [[nodiscard]] static QString meaningOf(Kind kind);

  std::filesystem::path runs_;
  RunWatcher& watcher_;
  QHash<QString, Kind> busy_;
  std::shared_ptr<std::atomic<bool>> isEnding_ = std::make_shared<std::atomic<bool>>(false);
  QThreadPool pool_;
};

}  // namespace z2::ui
