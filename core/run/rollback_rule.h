#pragma once

// The rule by which rows of metrics.jsonl supersede earlier ones: a run that went on from a
// checkpoint does steps again, and what it writes then counts.

#include <cstdint>

namespace z2 {

// Ask for each row, in order.
class RollbackRule {
 public:
  struct Verdict {
    bool startsAttempt = false;  // the first row of an attempt, but not of the run
    bool supersedes = false;     // rows of this step and later ones count no more
  };

  Verdict take(int attempt, int64_t step) {
    Verdict verdict;
    if (hasRows_) {
      verdict.startsAttempt = attempt > attempt_;
      // Within an attempt two rows may share a step: an evaluation follows a step of training.
      verdict.supersedes = verdict.startsAttempt ? step <= lastStep_ : step < lastStep_;
    }
    hasRows_ = true;
    if (attempt > attempt_) attempt_ = attempt;
    lastStep_ = step;
    return verdict;
  }
  [[nodiscard]] int attempt() const { return attempt_; }
  [[nodiscard]] int64_t lastStep() const { return lastStep_; }

 private:
  bool hasRows_ = false;
  int attempt_ = 0;
  int64_t lastStep_ = 0;
};

}  // namespace z2
