#include "ui/services/run_watcher.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include <QSet>

#include "ui/base/hand_over.h"
#include "ui/base/text.h"
#include "ui/services/run_look.h"

namespace z2::ui {

namespace fs = std::filesystem;

class RunWatcher::Worker {
 public:
  Worker(fs::path folder, RunWatcher& watcher)
      : folder_(std::move(folder)), watcher_(watcher), thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      isEnding_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  void lookNow() {
    {
      const std::lock_guard lock(mutex_);
      isDue_ = true;
    }
    wake_.notify_one();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (bool isFirst = true; !isEnding_; isFirst = false) {
      isDue_ = false;
      lock.unlock();
      lookAtAll(isFirst);
      lock.lock();
      wake_.wait_for(lock, std::chrono::seconds(1), [this] { return isEnding_ || isDue_; });
    }
  }

  void lookAtAll(bool isFirst) {
    std::map<std::string, RunLook> still;
    std::error_code failure;
    for (fs::directory_iterator entry(folder_, failure), end; !failure && entry != end;
         entry.increment(failure)) {
      if (!RunDirectory::exists(entry->path())) continue;
      const std::string name = entry->path().filename().native();
      if (auto known = looks_.extract(name); !known.empty())
        still.insert(std::move(known));
      else
        still.try_emplace(name, entry->path());
    }
    QStringList gone;
    for (const auto& [name, look] : looks_) gone.append(toQString(name));
    looks_ = std::move(still);
    QList<RunSummary> fresh;
    for (auto& [name, look] : looks_)
      if (look.look()) fresh.append(look.summary());
    if (!isFirst && fresh.isEmpty() && gone.isEmpty()) return;
    handOver(&watcher_, [this, fresh, gone] { watcher_.take(fresh, gone); });
  }

  const fs::path folder_;
  RunWatcher& watcher_;
  std::map<std::string, RunLook> looks_;  // of the worker's thread alone
  std::mutex mutex_;
  std::condition_variable wake_;
  bool isEnding_ = false;
  bool isDue_ = false;
  std::thread thread_;
};

RunWatcher::RunWatcher(fs::path workspace, QObject* parent)
    : QObject(parent), worker_(std::make_unique<Worker>(workspace / "runs", *this)) {}

RunWatcher::~RunWatcher() = default;

const RunSummary* RunWatcher::find(const QString& name) const {
  const auto row = rows_.constFind(name);
  return row == rows_.cend() ? nullptr : &runs_.at(*row);
}

void RunWatcher::refresh() { worker_->lookNow(); }

void RunWatcher::take(const QList<RunSummary>& fresh, const QStringList& gone) {
  QStringList names = gone;
  bool hasOtherModels = !gone.isEmpty();
  const QSet<QString> left(gone.begin(), gone.end());
  runs_.removeIf([&](const RunSummary& run) { return left.contains(run.name); });
  for (const RunSummary& run : fresh) {
    names.append(run.name);
    const auto isBefore = [](const RunSummary& other, const QString& name) {
      return other.name < name;
    };
    const auto place = std::lower_bound(runs_.begin(), runs_.end(), run.name, isBefore);
    if (place != runs_.end() && place->name == run.name) {
      hasOtherModels = hasOtherModels || place->title != run.title ||
                       place->report.lastCheckpoint != run.report.lastCheckpoint;
      *place = run;
    } else {
      hasOtherModels = true;
      runs_.insert(place, run);
    }
  }
  rows_.clear();
  for (qsizetype row = 0; row < runs_.size(); ++row) rows_.insert(runs_.at(row).name, row);
  const bool isFirst = !hasLooked_;
  hasLooked_ = true;
  if (isFirst || !names.isEmpty()) Q_EMIT changed(names);
  if (hasOtherModels) Q_EMIT checkpointsChanged();
}

}  // namespace z2::ui
