#pragma once

// A pass that is the same every time, as one recording of the device (a CUDA graph): the calls of
// its operations are saved, the bits are the same.

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/error.h"
#include "kernels/ops.h"

namespace z2 {

class Recording {
 public:
  // All that a pass depends on beside the contents of memory.
  struct Key {
    int64_t rows = 0;
    int64_t columns = 0;
    bool hasDocuments = false;
    float gradScale = 0;
    [[nodiscard]] bool operator==(const Key&) const = default;
  };

  // `ops` outlives it. Not wanted, or a device that cannot record: run() only calls `work`.
  Recording(const Z2Ops& ops, bool isWanted);
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  ~Recording();

  [[nodiscard]] bool isOn() const { return isOn_; }
  // Does `work`, which only calls operations. The first time with a key by calling it, so that the
  // device meets its shapes; the second time in a row it is recorded, from then on replayed. Where
  // keys keep changing, or recording fails, `work` is called.
  [[nodiscard]] Result<void> run(const Key& key, const std::function<Result<void>()>& work);

 private:
  [[nodiscard]] Result<void> record(const Key& key, const std::function<Result<void>()>& work);
  void release();

  const Z2Ops& ops_;
  bool isOn_ = false;
  int recordings_ = 0;  // made so far
  std::optional<Key> last_;
  std::optional<Key> recorded_;
  Z2Recording* recording_ = nullptr;
};

}  // namespace z2
