#pragma once

// What this computer is doing: processor, memory and GPUs, looked up on a worker thread every two
// seconds.

#include <memory>

#include <QList>
#include <QObject>
#include <QString>

namespace z2::ui {

struct GpuLoad {
  QString name;
  int percent = 0;
  double usedBytes = 0, totalBytes = 0;
  int temperature = 0;  // degrees Celsius
  double watts = 0;     // 0: not told
};

struct MachineLoad {
  double cpuPercent = -1;  // of all cores together; negative: not known yet
  double usedBytes = 0, totalBytes = 0;
  QList<GpuLoad> gpus;
};

class MachineWatcher : public QObject {
  Q_OBJECT

 public:
  explicit MachineWatcher(QObject* parent = nullptr);
  ~MachineWatcher() override;

  [[nodiscard]] const MachineLoad& load() const { return load_; }

 Q_SIGNALS:
  void changed();

 private:
  class Worker;
  MachineLoad load_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace z2::ui
