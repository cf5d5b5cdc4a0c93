#pragma once

// AdamW with clipping by the global norm, over the flat buffers of a model.

#include <cstdint>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/model/flat_buffers.h"
#include "core/model/operations.h"
#include "kernels/ops.h"

namespace z2 {

struct AdamWSettings {
  float beta1 = 0.9f;
  float beta2 = 0.95f;
  float eps = 1e-8f;
  float weightDecay = 0.1f;
  float gradClip = 1.0f;  // 0: no clipping
  bool isFused = true;

  [[nodiscard]] static AdamWSettings fromRunConfig(const RunConfig& run);
};

// Queues its work on the device; nothing waits but the functions that return a number. One thread
// at a time. The moments lie in the buffers, so it has no state of its own to be saved.
class AdamWOptimizer {
 public:
  // `buffers` (with gradients, m and v) and `ops` outlive it. Elements from `decayEnd` on do not
  // decay.
  [[nodiscard]] static Result<AdamWOptimizer> create(const FlatBuffers& buffers, int64_t decayEnd,
                                                     const AdamWSettings& settings,
                                                     const Z2Ops& ops);

  // The squared norm of gradients [begin, end) into the device's scalar; `isFirst` false adds to
  // what is there.
  [[nodiscard]] Result<void> measureNorm(int64_t begin, int64_t end, bool isFirst);
  // The device's scalar: [1] double, for whoever sums it over ranks.
  [[nodiscard]] double* squaredNorm() const;
  // Updates [begin, end) with the norm measured before and zeroes its gradients. `step` counts
  // from 1; gradScale takes back a loss scale. A norm that is not finite: weights and moments
  // stay.
  [[nodiscard]] Result<void> update(int64_t begin, int64_t end, int64_t step, float lr,
                                    float gradScale = 1.0f);
  // Both over everything: an optimizer step of a single rank.
  [[nodiscard]] Result<void> step(int64_t step, float lr, float gradScale = 1.0f);
  // The norm of the gradients of the last step before clipping (times gradScale is the caller's).
  // Not finite: that step was skipped. Waits for the device.
  [[nodiscard]] Result<double> gradientNorm() const;

  [[nodiscard]] const AdamWSettings& settings() const { return settings_; }

 private:
  AdamWOptimizer(const FlatBuffers& buffers, int64_t decayEnd, const AdamWSettings& settings,
                 const Z2Ops& ops, DeviceMemory scratch);
  [[nodiscard]] Result<void> updateRange(int64_t begin, int64_t end, float weightDecay,
                                         int64_t step, float lr, float gradScale);

  FlatBuffers buffers_;
  int64_t decayEnd_;
  AdamWSettings settings_;
  const Z2Ops* ops_;
  DeviceMemory scratch_;  // the scalar, then squaredNorm's workspace
};

// Bytes that an AdamWOptimizer takes beside the flat buffers.
[[nodiscard]] int64_t adamWScratchBytes(const Z2Ops& ops, int64_t size);

}  // namespace z2
