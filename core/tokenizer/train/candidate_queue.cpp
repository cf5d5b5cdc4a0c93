#include "core/tokenizer/train/candidate_queue.h"

#include <algorithm>
#include <utility>

namespace z2 {

namespace {

// A refill takes candidates down to a fraction of the best count.
constexpr uint64_t kFloorDivisor = 4;

bool isWorse(const Candidate& a, const Candidate& b) {
  return a.count != b.count ? a.count < b.count : a.pair > b.pair;
}

}  // namespace

void CandidateQueue::push(const Candidate& candidate) {
  if (candidate.count < floor_) {
    waiting_.push_back(candidate);
    return;
  }
  heap_.push_back(candidate);
  std::push_heap(heap_.begin(), heap_.end(), isWorse);
}

std::optional<Candidate> CandidateQueue::popBest(PairCounts& counts) {
  while (true) {
    if (heap_.empty()) refill();
    if (heap_.empty()) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), isWorse);
    Candidate best = heap_.back();
    heap_.pop_back();
    const auto count = static_cast<uint64_t>(std::max<int64_t>(0, counts.at(best.pair)));
    if (best.count == count) return best;
    best.count = count;
    push(best);
  }
}

void CandidateQueue::refill() {
  uint64_t best = 0;
  for (const Candidate& candidate : waiting_) best = std::max(best, candidate.count);
  if (best == 0) return;
  floor_ = std::max<uint64_t>(1, best / kFloorDivisor);
  std::deque<Candidate> still;
  for (; !waiting_.empty(); waiting_.pop_front()) {
    const Candidate& candidate = waiting_.front();
    if (candidate.count >= floor_)
      heap_.push_back(candidate);
    else
      still.push_back(candidate);
  }
  waiting_ = std::move(still);
  std::make_heap(heap_.begin(), heap_.end(), isWorse);
}

}  // namespace z2
