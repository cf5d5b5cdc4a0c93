#include "core/model/memory_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr int64_t kAlignment = 256;
constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

int64_t roundUp(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

bool areNeededTogether(const PlannedBuffer& a, const PlannedBuffer& b) {
  return a.firstUse <= b.lastUse && b.firstUse <= a.lastUse;
}

}  // namespace

std::string_view nameOf(MemoryPart part) {
  constexpr std::string_view kNames[kMemoryParts] = {"weights",     "gradients", "optimizer",
                                                     "activations", "logits",    "workspace"};
  return kNames[static_cast<size_t>(part)];
}

int MemoryPlan::addPermanent(std::string name, MemoryPart part, int64_t bytes) {
  return add(std::move(name), part, bytes, 0, kForever);
}

int MemoryPlan::add(std::string name, MemoryPart part, int64_t bytes, int64_t firstUse,
                    int64_t lastUse) {
  Z2_CHECK(bytes >= 0 && firstUse <= lastUse);
  buffers_.push_back({.name = std::move(name),
                      .part = part,
                      .bytes = bytes,
                      .firstUse = firstUse,
                      .lastUse = lastUse});
  return static_cast<int>(buffers_.size()) - 1;
}

void MemoryPlan::extend(int buffer, int64_t lastUse) {
  int64_t& last = buffers_[static_cast<size_t>(buffer)].lastUse;
  last = std::max(last, lastUse);
}

void MemoryPlan::place() {
  std::vector<size_t> order(buffers_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  // Permanent ones below everything, so that what is shared lies together.
  std::stable_sort(order.begin(), order.end(), [this](size_t left, size_t right) {
    const PlannedBuffer& a = buffers_[left];
    const PlannedBuffer& b = buffers_[right];
    const bool isPermanent = a.lastUse == kForever;
    if (isPermanent != (b.lastUse == kForever)) return isPermanent;
    return !isPermanent && a.bytes > b.bytes;
  });

  std::vector<const PlannedBuffer*> byOffset;  // placed, ascending
  for (const size_t index : order) {
    PlannedBuffer& buffer = buffers_[index];
    int64_t offset = 0;
    for (const PlannedBuffer* other : byOffset) {
      if (!areNeededTogether(buffer, *other)) continue;
      if (offset + roundUp(buffer.bytes) <= other->offset) break;
      offset = std::max(offset, other->offset + roundUp(other->bytes));
    }
    buffer.offset = offset;
    const int64_t end = offset + roundUp(buffer.bytes);
    if (end > totalBytes_) {
      partBytes_[static_cast<size_t>(buffer.part)] += end - totalBytes_;
      totalBytes_ = end;
    }
    const auto place = std::upper_bound(
        byOffset.begin(), byOffset.end(), offset,
        [](int64_t value, const PlannedBuffer* other) { return value < other->offset; });
    byOffset.insert(place, &buffer);
  }
}

int64_t MemoryPlan::bytesOf(MemoryPart part) const { return partBytes_[static_cast<size_t>(part)]; }

}  // namespace z2
