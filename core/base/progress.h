#pragma once

// Progress of long work: a line with a bar, a rate and an ETA on a terminal; nothing elsewhere,
// so that logs stay clean. Also where long work learns that it is to stop.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace z2 {

// Installs handlers for SIGINT and SIGTERM once; the first signal asks the work to stop at the next
// safe place, the second ends the process. Thread-safe.
void installStopSignals();
// Whether a signal came since. Long loops ask between pieces of work.
[[nodiscard]] bool stopRequested();
// For a dialogue, which goes on after an answer was stopped.
void forgetStopRequest();

// Whether Z2_PROGRESS=json asks every Progress of this process, and its final error, to be JSON
// lines on standard error: how a parent process follows the work.
[[nodiscard]] bool isProgressJsonAsked();

// One phase of long work. Thread-safe: workers call advance, which is one atomic add and, at most
// ten times a second on a terminal, one line to standard error. With `asJson`, or when
// isProgressJsonAsked, each line is a JSON object on standard error, five times a second at most:
// {"progress": the phase's title,"done","total","unit": B|items|steps,"seconds","rate","eta_s"};
// total 0 and eta_s -1 are unknown. The first line comes when the phase begins.
class Progress {
 public:
  enum class Unit { kBytes, kItems, kSteps };

  // total 0: unknown; then no bar and no ETA. `before`: of the total, done by an earlier process;
  // the rate does not count it.
  Progress(std::string title, uint64_t total, Unit unit, bool asJson = false, uint64_t before = 0);
  ~Progress();  // finishes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(uint64_t amount);
  [[nodiscard]] uint64_t done() const { return done_.load(std::memory_order_relaxed); }
  [[nodiscard]] double secondsSinceStart() const;

 private:
  void draw(bool isLast);
  void drawJson(double seconds, double rate, double etaSeconds) const;

  const std::string title_;
  const uint64_t total_;
  const Unit unit_;
  const bool asJson_;
  const bool isVisible_;
  const uint64_t before_;
  const std::chrono::steady_clock::time_point start_;
  std::atomic<uint64_t> done_;
  std::atomic<int64_t> nextDrawMs_{0};
};

}  // namespace z2
