#pragma once

// The metrics of the runs that pages show, read on one worker thread and told to the GUI thread at
// most ten times a second. Pages that show the same run share it.

#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>
#include <QStringList>

#include "ui/charts/store/curve_source.h"

namespace z2::ui {

// One run's. Lives in the GUI thread as long as a page holds it.
class RunMetrics : public QObject {
  Q_OBJECT

 public:
  explicit RunMetrics(const std::filesystem::path& run);

  [[nodiscard]] const std::filesystem::path& run() const { return run_; }
  [[nodiscard]] std::shared_ptr<const CurveSource> source() const { return source_; }
  // All that the file held when it was opened has been read.
  [[nodiscard]] bool isLoaded() const { return isLoaded_; }
  // 0 to 1, of the first reading.
  [[nodiscard]] double progress() const;
  // Why the file cannot be read; empty while it can.
  [[nodiscard]] const QString& problem() const { return problem_; }
  // The metrics of which rows exist, in the order in which they appeared.
  [[nodiscard]] QStringList metrics() const;

 Q_SIGNALS:
  void changed();

 private:
  friend class MetricsHub;
  std::filesystem::path run_;
  std::shared_ptr<CurveSource> source_;
  bool isLoaded_ = false;
  QString problem_;
};

// Lives in the GUI thread. Smoothing is the same on all pages.
class MetricsHub : public QObject {
  Q_OBJECT

 public:
  explicit MetricsHub(QObject* parent = nullptr);
  ~MetricsHub() override;

  [[nodiscard]] std::shared_ptr<RunMetrics> open(const std::filesystem::path& run);
  // The weight of the average, in [0, 1); 0: none. Curves follow as they are made.
  void setSmoothing(double weight);
  [[nodiscard]] double smoothing() const { return weight_; }

 private:
  class Worker;
  double weight_ = 0;
  std::vector<std::weak_ptr<RunMetrics>> opened_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace z2::ui
