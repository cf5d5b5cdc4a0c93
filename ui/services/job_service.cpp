#include "ui/services/job_service.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include <QCoreApplication>
#include <QDateTime>

#include "core/io/files.h"
#include "core/jobs/job_folder.h"
#include "core/jobs/job_keeper.h"
#include "ui/base/hand_over.h"
#include "ui/base/text.h"
#include "ui/services/job_log.h"

namespace z2::ui {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kLookInterval{200};
constexpr double kKeptSeconds = 7 * 24 * 3600;
constexpr uint64_t kLargestResult = uint64_t{16} << 20;

double now() { return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1e3; }

Error endedByForce() {
  Error error;
  error.what = "the work was ended from outside before it was done";
  error.fix = "Start it again";
  return error;
}

}  // namespace

QString phaseText(const QString& phase) {
  if (phase == QLatin1String("reading"))
    return QCoreApplication::translate("Phase", "Reading text");
  if (phase == QLatin1String("counting"))
    return QCoreApplication::translate("Phase", "Counting words");
  if (phase == QLatin1String("merging"))
    return QCoreApplication::translate("Phase", "Merging pairs");
  if (phase == QLatin1String("training")) return QCoreApplication::translate("Phase", "Training");
  if (phase == QLatin1String("tokenizing"))
    return QCoreApplication::translate("Phase", "Tokenizing");
  if (phase == QLatin1String("exporting")) return QCoreApplication::translate("Phase", "Exporting");
  if (phase == QLatin1String("sampling")) return QCoreApplication::translate("Phase", "Writing");
  if (phase == QLatin1String("writing tasks"))
    return QCoreApplication::translate("Phase", "Writing tasks");
  if (phase == QLatin1String("importing")) return QCoreApplication::translate("Phase", "Importing");
  return phase;
}

QString rateText(const Job& job) {
  if (job.rate <= 0) return {};
  if (job.unit == QLatin1String("B")) return byteSize(job.rate) + QStringLiteral("/s");
  return shortCount(job.rate) + QStringLiteral(" /s");
}

// The thread that looks at folders and processes. Requests of the GUI thread wait in a queue.
class JobService::Watch {
 public:
  Watch(fs::path folder, JobService& service)
      : folder_(std::move(folder)), service_(service), thread_([this] { work(); }) {}
  ~Watch() {
    ask([this] { isEnding_ = true; });
    thread_.join();
  }
  void start(const Job& job) {
    ask([this, job] { begin(job); });
  }
  void cancel(const QString& id, bool isUrgent) {
    ask([this, id, isUrgent] { cancelJob(JobFolder(pathOf(id)), isUrgent); });
  }
  void forget(const QString& id) {
    ask([this, id] {
      watched_.erase(id);
      std::error_code ignored;
      fs::remove_all(pathOf(id), ignored);
    });
  }

 private:
  struct Watched {
    JobFolder folder;
    JobLog log;
    Job job;
    std::optional<ChildProcess> keeper = {};  // when this window started it
  };

  [[nodiscard]] fs::path pathOf(const QString& id) const { return folder_ / toUtf8(id); }

  void ask(std::function<void()> request) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    wake_.notify_one();
  }

  void work() {
    takeUp();
    while (!isEnding_) {
      for (auto& [id, watched] : watched_)
        if (!watched.job.isOver()) look(watched);
      std::unique_lock lock(mutex_);
      const bool isBusy = std::any_of(watched_.begin(), watched_.end(),
                                      [](const auto& w) { return !w.second.job.isOver(); });
      const auto isAsked = [this] { return !requests_.empty(); };
      if (isBusy)
        wake_.wait_for(lock, kLookInterval, isAsked);
      else
        wake_.wait(lock, isAsked);
      while (!requests_.empty()) {
        const auto request = std::move(requests_.front());
        requests_.pop_front();
        lock.unlock();
        request();
        lock.lock();
      }
    }
  }

  // What an earlier window left, oldest first.
  void takeUp() {
    std::vector<fs::path> folders;
    std::error_code failure;
    for (fs::directory_iterator entry(folder_, failure), end; !failure && entry != end;
         entry.increment(failure))
      folders.push_back(entry->path());
    std::sort(folders.begin(), folders.end());
    for (const fs::path& path : folders) {
      const JobFolder folder(path);
      const auto spec = folder.readSpec();
      if (!spec) continue;
      Job job{.id = toQString(path.filename().native()),
              .kind = toQString(spec->kind),
              .title = toQString(spec->title),
              .arguments = {}};
      for (const std::string& argument : spec->arguments) job.arguments.append(toQString(argument));
      job.startedAt = spec->startedAt;
      Watched watched{folder, JobLog(folder.errors()), job};
      update(watched);
      if (watched.job.isOver() && now() - spec->startedAt > kKeptSeconds) {
        fs::remove_all(path, failure);
        continue;
      }
      publish(watched.job, watched.job.isOver() && !folder.isTold());
      watched_.emplace(watched.job.id, std::move(watched));
    }
  }

  void begin(Job job) {
    const JobFolder folder(pathOf(job.id));
    JobSpec spec{.kind = toUtf8(job.kind),
                 .title = toUtf8(job.title),
                 .arguments = {},
                 .startedAt = job.startedAt};
    for (const QString& argument : job.arguments) spec.arguments.push_back(toUtf8(argument));
    auto keeper = startJob(folder, spec);
    if (!keeper) {
      job.state = Job::State::kFailed;
      job.error = std::move(keeper).error();
      publish(job);
      return;
    }
    const QString id = job.id;
    watched_.emplace(id, Watched{folder, JobLog(folder.errors()), std::move(job), *keeper});
  }

  void look(Watched& watched) {
    if (update(watched)) publish(watched.job);
  }

  // True when there is something to tell.
  bool update(Watched& watched) {
    Job& job = watched.job;
    if (watched.keeper) [[maybe_unused]]
      const auto waited = watched.keeper->poll();
    // Asked before end.json is read: a keeper that has gone has written it by then.
    const auto keeper = watched.folder.keeper();
    const bool isKept = keeper && isAlive(*keeper);
    const auto end = watched.folder.end();
    bool isChanged = watched.log.readInto(job);
    if (end || !isKept) {
      finish(watched, end);
      return true;
    }
    if (job.state == Job::State::kRunning && watched.folder.isCancelled()) {
      job.state = Job::State::kCancelling;
      isChanged = true;
    }
    return isChanged;
  }

  static void finish(Watched& watched, const std::optional<ProcessEnd>& end) {
    Job& job = watched.job;
    job.secondsLeft.reset();
    if (end && end->code == 0) {
      job.state = Job::State::kFinished;
      const auto output = readFile(watched.folder.output(), kLargestResult);
      if (output && !output->empty())
        if (auto value = parseJson(*output, "result")) job.result = *std::move(value);
      return;
    }
    const bool isInterrupted = end && end->code == exitStatus(ErrorCode::kInterrupted);
    if (isInterrupted || watched.folder.isCancelled()) {
      job.state = Job::State::kCancelled;
      return;
    }
    job.state = Job::State::kFailed;
    job.error = watched.log.failure();
    if (!end || !job.error) job.error = endedByForce();
    if (end && end->signal != 0) job.error->what += " (" + end->text() + ")";
  }

  // `isNews`: it ended while no window was open, and nobody was told.
  void publish(const Job& job, bool isNews = false) {
    handOver(&service_, [this, job, isNews] {
      service_.take(job);
      if (isNews) Q_EMIT service_.finished(job.id);
      if (job.isOver()) ask([this, id = job.id] { JobFolder(pathOf(id)).markTold(); });
    });
  }

  const fs::path folder_;
  JobService& service_;
  std::map<QString, Watched> watched_;  // of the thread alone
  bool isEnding_ = false;               // of the thread alone
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> requests_;
  std::thread thread_;
};

JobService::JobService(const fs::path& workspace, QObject* parent)
    : QObject(parent), watch_(std::make_unique<Watch>(workspace / ".jobs", *this)) {}

JobService::~JobService() = default;

QString JobService::start(const QString& kind, const QString& title, const QStringList& arguments) {
  // Sorts by time; the process id keeps two windows apart.
  const QString time = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-"));
  Job job{.id = time + QString::number(QCoreApplication::applicationPid()) + QLatin1Char('-') +
                QString::number(++started_),
          .kind = kind,
          .title = title,
          .arguments = arguments};
  job.startedAt = now();
  watch_->start(job);
  take(job);
  return job.id;
}

void JobService::cancel(const QString& id) {
  Job* job = own(id);
  if (job == nullptr || job->isOver()) return;
  watch_->cancel(id, job->state == Job::State::kCancelling);
  job->state = Job::State::kCancelling;
  Q_EMIT changed(id);
}

void JobService::forget(const QString& id) {
  const Job* job = find(id);
  if (job == nullptr || !job->isOver()) return;
  watch_->forget(id);
  jobs_.removeIf([&](const Job& other) { return other.id == id; });
  Q_EMIT forgotten(id);
}

Job* JobService::own(const QString& id) {
  for (Job& job : jobs_)
    if (job.id == id) return &job;
  return nullptr;
}

const Job* JobService::find(const QString& id) const {
  for (const Job& job : jobs_)
    if (job.id == id) return &job;
  return nullptr;
}

const Job* JobService::running(const QString& kind) const {
  for (const Job& job : jobs_)
    if (job.kind == kind && !job.isOver()) return &job;
  return nullptr;
}

void JobService::take(const Job& job) {
  const QString id = job.id;
  Job* known = own(id);
  if (known == nullptr) {
    jobs_.prepend(job);
    Q_EMIT added(id);
    if (job.isOver()) return;  // of an earlier window, which told its end or is told of it
  } else {
    // The worker hears of a cancellation a moment after the GUI did.
    const bool isCancelling = known->state == Job::State::kCancelling;
    *known = job;
    if (isCancelling && known->state == Job::State::kRunning)
      known->state = Job::State::kCancelling;
  }
  Q_EMIT changed(id);
  if (job.isOver()) Q_EMIT finished(id);
}

}  // namespace z2::ui
