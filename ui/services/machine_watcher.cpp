#include "ui/services/machine_watcher.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "ui/base/hand_over.h"
#include "ui/services/gpu_reader.h"

namespace z2::ui {

namespace {

constexpr std::chrono::milliseconds kPause{2000};
constexpr std::chrono::milliseconds kFirstPause{250};  // the first figure of the processor

struct CpuTimes {
  double busy = 0, all = 0;
};

// The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal in ticks.
CpuTimes readCpuTimes() {
  std::ifstream file("/proc/stat");
  std::string label;
  file >> label;
  CpuTimes times;
  double ticks = 0;
  for (int field = 0; field < 8 && file >> ticks; ++field) {
    times.all += ticks;
    const bool isIdle = field == 3 || field == 4;
    if (!isIdle) times.busy += ticks;
  }
  return times;
}

void readMemory(MachineLoad& load) {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  double kilobytes = 0, available = 0;
  while (file >> name >> kilobytes && std::getline(file, unit)) {
    if (name == "MemTotal:") load.totalBytes = kilobytes * 1024;
    if (name == "MemAvailable:") available = kilobytes * 1024;
  }
  load.usedBytes = load.totalBytes - available;
}

}  // namespace

class MachineWatcher::Worker {
 public:
  explicit Worker(MachineWatcher& watcher) : watcher_(watcher), thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      isEnding_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

 private:
  void work() {
    const GpuReader gpus;
    CpuTimes before = readCpuTimes();
    std::unique_lock lock(mutex_);
    for (bool isFirst = true; !isEnding_; isFirst = false) {
      lock.unlock();
      MachineLoad load;
      readMemory(load);
      load.gpus = gpus.read();
      const CpuTimes now = readCpuTimes();
      if (now.all > before.all)
        load.cpuPercent = 100 * (now.busy - before.busy) / (now.all - before.all);
      before = now;
      handOver(&watcher_, [this, load = std::move(load)] {
        watcher_.load_ = load;
        Q_EMIT watcher_.changed();
      });
      lock.lock();
      wake_.wait_for(lock, isFirst ? kFirstPause : kPause, [this] { return isEnding_; });
    }
  }

  MachineWatcher& watcher_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool isEnding_ = false;
  std::thread thread_;
};

MachineWatcher::MachineWatcher(QObject* parent)
    : QObject(parent), worker_(std::make_unique<Worker>(*this)) {}

MachineWatcher::~MachineWatcher() = default;

}  // namespace z2::ui
