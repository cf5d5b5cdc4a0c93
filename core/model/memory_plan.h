#pragma once

// All memory of the engine, known before any of it is taken.
//
// A buffer is needed from one moment of the step to another; buffers that are never needed at the
// same time may share their place. A plan counts; an arena takes exactly what the plan says. So
// the estimate and the allocation are the same number.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace z2 {

enum class MemoryPart { kWeights, kGradients, kOptimizer, kActivations, kLogits, kWorkspace };
inline constexpr int kMemoryParts = 6;
[[nodiscard]] std::string_view nameOf(MemoryPart part);  // "weights", "gradients", …

struct PlannedBuffer {
  std::string name;
  MemoryPart part = MemoryPart::kWorkspace;
  int64_t bytes = 0;
  int64_t firstUse = 0;  // moments of a step; the last one included
  int64_t lastUse = 0;
  int64_t offset = 0;  // in the arena; set by place()
};

// Usage: add all buffers, place() once, then read.
class MemoryPlan {
 public:
  // Needed all the time. Returns the buffer's number.
  int addPermanent(std::string name, MemoryPart part, int64_t bytes);
  int add(std::string name, MemoryPart part, int64_t bytes, int64_t firstUse, int64_t lastUse);
  void extend(int buffer, int64_t lastUse);  // before place()
  // Gives each buffer its offset, a multiple of 256 bytes: large ones first, each at the lowest
  // place that is free as long as it is needed.
  void place();

  [[nodiscard]] const std::vector<PlannedBuffer>& buffers() const { return buffers_; }
  [[nodiscard]] int64_t totalBytes() const { return totalBytes_; }  // what is allocated
  // The total divided among the parts; they add up to it. Shared bytes count for the part of the
  // larger buffer.
  [[nodiscard]] int64_t bytesOf(MemoryPart part) const;

 private:
  std::vector<PlannedBuffer> buffers_;
  int64_t totalBytes_ = 0;
  int64_t partBytes_[kMemoryParts] = {};
};

}  // namespace z2
