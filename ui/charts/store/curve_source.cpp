#include "ui/charts/store/curve_source.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <sys/stat.h>

#include "ui/charts/store/curve_cache.h"

namespace z2::ui {

namespace {

// What is parsed in a tenth of a second or two needs no cache.
constexpr uint64_t kWorthCaching = uint64_t{32} << 20;
// Values taken in while the lock is held: one to two milliseconds.
constexpr size_t kValuesALock = 100'000;

}  // namespace

CurveSource::CurveSource(std::filesystem::path metrics, std::filesystem::path cache)
    : metrics_(std::move(metrics)), cache_(std::move(cache)), reader_(metrics_) {}

void CurveSource::startAnew() {
  const std::unique_lock lock(mutex_);
  curves_ = RunCurves();
  reader_ = MetricsReader(metrics_);
  cachedBytes_ = 0;
  ++version_;
}

// Replaced, or cut: what was read is not its beginning any more.
bool CurveSource::isAnotherFile() {
  struct stat info {};
  if (::stat(metrics_.c_str(), &info) != 0) return false;
  const bool isOther = (inode_ != 0 && inode_ != info.st_ino) ||
                       static_cast<uint64_t>(info.st_size) < reader_.bytes();
  inode_ = info.st_ino;
  bytesThere_ = static_cast<uint64_t>(info.st_size);
  return isOther;
}

Result<void> CurveSource::poll(const std::function<bool()>& goesOn) {
  if (isAnotherFile()) startAnew();
  if (!hasStarted_) {
    hasStarted_ = true;
    auto cached = cache_.empty() ? std::nullopt : loadCurves(cache_, metrics_);
    if (cached) {
      const std::unique_lock lock(mutex_);
      curves_ = std::move(cached->curves);
      reader_ = MetricsReader(metrics_, cached->position);
      cachedBytes_ = cached->position.offset;
      ++version_;
    }
  }
  std::unique_lock lock(mutex_, std::defer_lock);
  size_t values = 0;
  uint64_t told = reader_.bytes();
  const auto tell = [&] {
    if (reader_.bytes() != told) ++version_;
    told = reader_.bytes();
  };
  const auto release = [&] {
    if (lock.owns_lock()) lock.unlock();
    values = 0;
    bytesRead_ = reader_.bytes();
  };
  const auto done = reader_.poll(
      [&](const MetricsRow& row) {
        if (!lock.owns_lock()) lock.lock();
        curves_.add(row);
        values += row.values.size() + 1;
        if (values > kValuesALock) release();
      },
      [&](const Error& damage) {
        if (!lock.owns_lock()) lock.lock();
        curves_.addDamage(damage);
      },
      [&] {
        release();
        tell();
        return !goesOn || goesOn();
      });
  release();
  tell();
  smoothWhatLacksIt();
  return done;
}

void CurveSource::add(const MetricsRow& row) {
  const std::unique_lock lock(mutex_);
  curves_.add(row);
  ++version_;
}

void CurveSource::smooth(double weight, const std::vector<std::string>& metrics) {
  weight_ = weight;
  smoothed_ = metrics;
  smoothWhatLacksIt();
}

void CurveSource::smoothWhatLacksIt() {
  CurveTable& table = curves_.current();
  for (uint32_t metric = 0; metric < table.metrics(); ++metric) {
    CurveSeries* series = table.series(metric);
    if (series == nullptr) continue;
    const bool isWanted =
        std::find(smoothed_.begin(), smoothed_.end(), curves_.names()[metric]) != smoothed_.end();
    const double weight = isWanted ? weight_ : 0;
    if (series->weight() == weight) continue;
    // Beside the curve that is drawn: nobody else changes the series.
    auto smooth = weight > 0 ? series->smoothed(weight) : nullptr;
    {
      const std::unique_lock lock(mutex_);
      series->put(std::move(smooth));
    }
    ++version_;
  }
}

Result<void> CurveSource::saveCache() const {
  if (cache_.empty() || reader_.bytes() < cachedBytes_ + kWorthCaching) return {};
  return saveCurves(cache_, curves_, reader_.position(), metrics_);
}

}  // namespace z2::ui
