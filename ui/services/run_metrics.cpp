#include "ui/services/run_metrics.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ui/base/hand_over.h"
#include "ui/base/text.h"

namespace z2::ui {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

RunMetrics::RunMetrics(const std::filesystem::path& run)
    : run_(run),
      source_(std::make_shared<CurveSource>(run / "metrics.jsonl", run / "metrics.cache")) {}

double RunMetrics::progress() const {
  const auto there = static_cast<double>(source_->bytesThere());
  return isLoaded_ || there == 0 ? 1 : static_cast<double>(source_->bytesRead()) / there;
}

QStringList RunMetrics::metrics() const {
  const auto lock = source_->lock();
  const RunCurves& curves = source_->curves();
  QStringList names;
  for (uint32_t metric = 0; metric < curves.names().size(); ++metric)
    if (const CurveSeries* series = curves.current().series(metric);
        series != nullptr && series->size() > 0)
      names.append(toQString(curves.names()[metric]));
  return names;
}

// Takes turns between the runs, so that a large file does not hold up a live one.
class MetricsHub::Worker {
 public:
  Worker() : thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      isEnding_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void add(const std::shared_ptr<RunMetrics>& metrics) {
    {
      const std::lock_guard lock(mutex_);
      fresh_.push_back({.guard = metrics, .source = metrics->source_});
    }
    wake_.notify_one();
  }
  void setWeight(double weight) {
    {
      const std::lock_guard lock(mutex_);
      weight_ = weight;
      isDue_ = true;
    }
    wake_.notify_one();
  }

 private:
  struct Entry {
    std::weak_ptr<RunMetrics> guard;
    std::shared_ptr<CurveSource> source;
    uint64_t told = 0;
    double weight = 0;
    bool isLoaded = false;
    bool wasTold = false;
    QString problem = {};
  };

  void work() {
    std::vector<Entry> entries;
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
      for (Entry& entry : fresh_) entries.push_back(std::move(entry));
      fresh_.clear();
      isDue_ = false;
      const double weight = weight_;
      lock.unlock();
      const auto started = Clock::now();
      bool isBusy = false;
      for (Entry& entry : entries) isBusy = advance(entry, weight) || isBusy;
      std::erase_if(entries, [](const Entry& entry) { return entry.guard.expired(); });
      lock.lock();
      if (isBusy) continue;
      wake_.wait_until(lock, started + kInterval,
                       [this] { return isEnding_ || isDue_ || !fresh_.empty(); });
    }
  }

  // True: there is more to read at once.
  bool advance(Entry& entry, double weight) {
    if (entry.guard.expired()) return false;
    const auto until = Clock::now() + kInterval;
    bool isCut = false;
    const auto done = entry.source->poll([&] {
      isCut = isEnding_.load() || Clock::now() > until;
      return !isCut;
    });
    const QString problem = done ? QString() : toQString(done.error().text());
    if (entry.weight != weight || entry.source->version() != entry.told) smooth(entry, weight);
    const bool isLoaded = entry.isLoaded || !isCut;
    if (isLoaded && !entry.isLoaded) {
      // Opening is quicker next time; a folder that cannot be written costs only that.
      [[maybe_unused]] const auto saved = entry.source->saveCache();
    }
    if (entry.source->version() != entry.told || problem != entry.problem ||
        isLoaded != entry.isLoaded || !entry.wasTold)
      tell(entry, isLoaded, problem);
    return isCut;
  }

  static void smooth(Entry& entry, double weight) {
    entry.weight = weight;
    std::vector<std::string> names;
    {
      const auto lock = entry.source->lock();
      const MetricNames& all = entry.source->curves().names();
      for (uint32_t metric = 0; metric < all.size(); ++metric) names.push_back(all[metric]);
    }
    entry.source->smooth(weight, names);
  }

  static void tell(Entry& entry, bool isLoaded, const QString& problem) {
    entry.told = entry.source->version();
    entry.problem = problem;
    entry.isLoaded = isLoaded;
    entry.wasTold = true;
    // The context is the program's: the run's own may be gone by then, and the guard tells.
    handOver(QCoreApplication::instance(), [guard = entry.guard, isLoaded, problem] {
      const auto metrics = guard.lock();
      if (!metrics) return;
      metrics->isLoaded_ = isLoaded;
      metrics->problem_ = problem;
      Q_EMIT metrics->changed();
    });
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> isEnding_{false};
  bool isDue_ = false;
  double weight_ = 0;
  std::vector<Entry> fresh_;
  std::thread thread_;
};

MetricsHub::MetricsHub(QObject* parent) : QObject(parent), worker_(std::make_unique<Worker>()) {}

MetricsHub::~MetricsHub() = default;

std::shared_ptr<RunMetrics> MetricsHub::open(const std::filesystem::path& run) {
  std::erase_if(opened_, [](const auto& opened) { return opened.expired(); });
  for (const auto& opened : opened_)
    if (auto metrics = opened.lock(); metrics && metrics->run() == run) return metrics;
  auto metrics = std::make_shared<RunMetrics>(run);
  opened_.push_back(metrics);
  worker_->add(metrics);
  return metrics;
}

void MetricsHub::setSmoothing(double weight) {
  weight_ = weight;
  worker_->setWeight(weight);
}

}  // namespace z2::ui
