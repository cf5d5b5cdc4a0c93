#include "ui/services/run_watcher.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/run/run_directory.h"
#include "core/run/run_list.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

std::optional<double> numberOf(const Json& record, const char* key) {
  const auto found = record.find(key);
  if (found == record.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

RunSummary look(const fs::path& path) {
  RunSummary summary;
  summary.name = toQString(std::string_view(path.filename().native()));
  summary.title = summary.name;
  summary.path = path;
  const auto run = RunDirectory::open(path);
  if (!run) {
    summary.problem = toQString(run.error().text());
    return summary;
  }
  summary.task = toQString(nameOf(run->config().task()));
  summary.created = toQString(run->created());
  auto report = inspectRun(*run);
  if (!report) {
    summary.problem = toQString(report.error().text());
    return summary;
  }
  summary.report = *std::move(report);
  const Json last = lastMetrics(run->metrics());
  if (last.is_object()) {
    summary.loss = numberOf(last, "loss");
    summary.validLoss = numberOf(last, "valid/loss");
    summary.tokensPerSecond = numberOf(last, "tok_s");
    summary.mfu = numberOf(last, "mfu");
  }
  return summary;
}

bool isSame(const RunSummary& a, const RunSummary& b) {
  return a.report.status.state == b.report.status.state &&
         a.report.status.step == b.report.status.step && a.loss == b.loss &&
         a.validLoss == b.validLoss && a.problem == b.problem && a.title == b.title &&
         a.tags == b.tags && a.isArchived == b.isArchived &&
         a.report.lastCheckpoint == b.report.lastCheckpoint;
}

}  // namespace

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
    while (!isEnding_) {
      isDue_ = false;
      lock.unlock();
      publish(lookAtAll());
      lock.lock();
      wake_.wait_for(lock, std::chrono::seconds(1), [this] { return isEnding_ || isDue_; });
    }
  }

  QList<RunSummary> lookAtAll() const {
    std::vector<fs::path> folders;
    std::error_code failure;
    for (fs::directory_iterator entry(folder_, failure), end; !failure && entry != end;
         entry.increment(failure))
      if (RunDirectory::exists(entry->path())) folders.push_back(entry->path());
    std::sort(folders.begin(), folders.end());
    QList<RunSummary> found;
    for (const fs::path& path : folders) found.append(look(path));
    return found;
  }

  void publish(QList<RunSummary> found) {
    QMetaObject::invokeMethod(&watcher_, [this, found = std::move(found)]() mutable {
      QStringList names;
      for (const RunSummary& run : found) {
        const RunSummary* before = watcher_.find(run.name);
        if (before == nullptr || !isSame(*before, run)) names.append(run.name);
      }
      for (const RunSummary& run : watcher_.runs_)
        if (std::none_of(found.begin(), found.end(),
                         [&](const RunSummary& other) { return other.name == run.name; }))
          names.append(run.name);
      const bool isFirst = !watcher_.hasLooked_;
      watcher_.runs_ = std::move(found);
      watcher_.hasLooked_ = true;
      if (isFirst || !names.isEmpty()) Q_EMIT watcher_.changed(names);
    });
  }

  const fs::path folder_;
  RunWatcher& watcher_;
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
  for (const RunSummary& run : runs_)
    if (run.name == name) return &run;
  return nullptr;
}

void RunWatcher::refresh() { worker_->lookNow(); }

}  // namespace z2::ui
