#include "core/supervise/signal_inbox.h"

#include <chrono>
#include <csignal>
#include <ctime>
#include <optional>

namespace z2 {

SignalInbox::SignalInbox() {
  sigemptyset(&taken_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD}) sigaddset(&taken_, signal);
  ::pthread_sigmask(SIG_BLOCK, &taken_, &before_);
}

SignalInbox::~SignalInbox() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

std::optional<int> SignalInbox::take(std::chrono::milliseconds wait) {
  const timespec limit{.tv_sec = wait.count() / 1000, .tv_nsec = wait.count() % 1000 * 1'000'000};
  const int signal = ::sigtimedwait(&taken_, nullptr, &limit);
  if (signal <= 0) return std::nullopt;
  return signal;
}

}  // namespace z2
