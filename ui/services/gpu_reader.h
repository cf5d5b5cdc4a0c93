#pragma once

// NVIDIA's management library, when the machine has it: opened while the program runs, so that
// nothing depends on it.

#include <memory>

#include "ui/services/machine_watcher.h"

namespace z2::ui {

// One thread at a time.
class GpuReader {
 public:
  GpuReader();
  ~GpuReader();
  // Empty without GPUs or driver.
  [[nodiscard]] QList<GpuLoad> read() const;

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

}  // namespace z2::ui
