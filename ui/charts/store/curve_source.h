#pragma once

// A run's metrics.jsonl followed while it grows: one thread reads and smooths, others draw.

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/run/metrics_reader.h"
#include "ui/charts/store/run_curves.h"

namespace z2::ui {

class CurveSource {
 public:
  // `cache`: where the parsed curves of a large file are kept; empty: nowhere.
  CurveSource(std::filesystem::path metrics, std::filesystem::path cache);

  // The reading thread's. Takes in what has come; the first call tries the cache. A file that was
  // replaced or became shorter is read anew. Damaged lines are in curves().damages(). Ends early
  // when `goesOn` returns false; it is asked after each few megabytes.
  [[nodiscard]] Result<void> poll(const std::function<bool()>& goesOn = {});
  // The reading thread's. A row that comes from elsewhere than the file.
  void add(const MetricsRow& row);
  // The reading thread's. Keeps a smoothed curve of each of `metrics`, now and as they grow.
  void smooth(double weight, const std::vector<std::string>& metrics);
  // The reading thread's. Writes the cache when that saves the next opening some time.
  [[nodiscard]] Result<void> saveCache() const;

  // Any thread's: while the lock is held, curves() stands still. Hold it for milliseconds.
  [[nodiscard]] std::shared_lock<std::shared_mutex> lock() const {
    return std::shared_lock(mutex_);
  }
  [[nodiscard]] const RunCurves& curves() const { return curves_; }
  // Changes with every change of what is to be drawn.
  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }
  [[nodiscard]] uint64_t bytesRead() const { return bytesRead_.load(std::memory_order_relaxed); }
  // Any thread's: of the file, as last seen by poll.
  [[nodiscard]] uint64_t bytesThere() const { return bytesThere_.load(std::memory_order_relaxed); }

 private:
  void startAnew();
  void smoothWhatLacksIt();
  [[nodiscard]] bool isAnotherFile();

  const std::filesystem::path metrics_;
  const std::filesystem::path cache_;
  MetricsReader reader_;
  bool hasStarted_ = false;
  uint64_t inode_ = 0;
  uint64_t cachedBytes_ = 0;
  double weight_ = 0;
  std::vector<std::string> smoothed_;

  mutable std::shared_mutex mutex_;  // over curves_
  RunCurves curves_;
  std::atomic<uint64_t> version_{0};
  std::atomic<uint64_t> bytesRead_{0};
  std::atomic<uint64_t> bytesThere_{0};
};

}  // namespace z2::ui
