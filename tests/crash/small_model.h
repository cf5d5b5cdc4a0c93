#pragma once

// A checkpoint of a few hundred bytes, different in every step, and whether one equals it.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/checkpoint/checkpoint_store.h"

namespace z2 {

class SmallModel {
 public:
  explicit SmallModel(int64_t step);

  [[nodiscard]] const std::vector<TensorView>& tensors() const { return views_; }
  [[nodiscard]] Json state() const;
  [[nodiscard]] double score() const { return 10.0 / static_cast<double>(step_ + 1); }
  [[nodiscard]] Result<CheckpointInfo> saveTo(CheckpointStore& store) const {
    return store.save(step_, views_, state(), score());
  }
  // Names, shapes, types, bytes and state.
  [[nodiscard]] bool equals(const LoadedCheckpoint& loaded) const;

 private:
  int64_t step_;
  std::vector<std::vector<std::byte>> bytes_;
  std::vector<TensorView> views_;
};

}  // namespace z2
