#include "core/base/progress.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/format.h"

namespace z2 {

namespace {

constexpr int64_t kDrawIntervalMs = 100;
constexpr int64_t kJsonIntervalMs = 200;
constexpr int kBarWidth = 24;

// A signal handler can reach nothing but a flag of the process; the threads that work read it.
std::atomic<bool> isStopRequested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void onStopSignal(int number) {
  const int error = errno;
  if (isStopRequested.exchange(true)) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  errno = error;
}

}  // namespace

void installStopSignals() {
  struct sigaction action {};
  action.sa_handler = onStopSignal;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool stopRequested() { return isStopRequested; }

void forgetStopRequest() { isStopRequested = false; }

bool isProgressJsonAsked() {
  const char* asked = std::getenv("Z2_PROGRESS");
  return asked != nullptr && std::string_view(asked) == "json";
}

Progress::Progress(std::string title, uint64_t total, Unit unit, bool asJson, uint64_t before)
    : title_(std::move(title)),
      total_(total),
      unit_(unit),
      asJson_(asJson || isProgressJsonAsked()),
      isVisible_(asJson_ || ::isatty(STDERR_FILENO) == 1),
      before_(before),
      start_(std::chrono::steady_clock::now()),
      done_(before) {
  if (asJson_) draw(false);
}

Progress::~Progress() {
  if (isVisible_) draw(true);
}

double Progress::secondsSinceStart() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::advance(uint64_t amount) {
  done_.fetch_add(amount, std::memory_order_relaxed);
  if (!isVisible_) return;
  const auto nowMs = static_cast<int64_t>(secondsSinceStart() * 1e3);
  int64_t due = nextDrawMs_.load(std::memory_order_relaxed);
  const int64_t interval = asJson_ ? kJsonIntervalMs : kDrawIntervalMs;
  if (nowMs >= due && nextDrawMs_.compare_exchange_strong(due, nowMs + interval)) draw(false);
}

void Progress::drawJson(double seconds, double rate, double etaSeconds) const {
  constexpr std::array kUnits = {"B", "items", "steps"};
  const std::string line = fmt::format(
      R"({{"progress":"{}","done":{},"total":{},"unit":"{}","seconds":{:.1f},"rate":{:.1f},"eta_s":{:.1f}}})"
      "\n",
      title_, done(), total_, kUnits.at(static_cast<size_t>(unit_)), seconds, rate, etaSeconds);
  // One write, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

void Progress::draw(bool isLast) {
  const double seconds = secondsSinceStart();
  const auto done = static_cast<double>(this->done());
  const double rate = seconds > 0 ? (done - static_cast<double>(before_)) / seconds : 0;
  const double etaSeconds =
      total_ > 0 && rate > 0 ? (static_cast<double>(total_) - done) / rate : -1;
  if (asJson_) {
    drawJson(seconds, rate, etaSeconds);
    return;
  }
  const std::string amount = unit_ == Unit::kBytes ? formatBytes(done) : formatCount(done);
  const std::string speed = unit_ == Unit::kBytes
                                ? formatBytes(rate) + "/s"
                                : formatCount(rate) + (unit_ == Unit::kSteps ? " steps/s" : "/s");
  std::string bar;
  if (total_ > 0) {
    const double share = std::min(1.0, done / static_cast<double>(total_));
    const auto filled = static_cast<size_t>(share * kBarWidth);
    bar = fmt::format("[{:#<{}}{:.<{}}] {:.0f} %  ", "", filled, "", kBarWidth - filled,
                      std::floor(share * 100));
  }
  const std::string time = isLast            ? formatDuration(seconds)
                           : etaSeconds >= 0 ? formatDuration(etaSeconds) + " left"
                                             : "";
  const std::string line = fmt::format("{} {}{}  {}  {}", title_, bar, amount, speed, time);
  std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), isLast ? "\n" : "");
  std::fflush(stderr);
}

}  // namespace z2
