#pragma once

// Signals taken in turn by a loop instead of by handlers.

#include <chrono>
#include <csignal>
#include <optional>

namespace z2 {

// While it lives, SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGCHLD of the calling thread wait until
// they are taken. One a process; the process should have no other threads.
class SignalInbox {
 public:
  SignalInbox();
  ~SignalInbox();
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;

  // The next signal, or nothing after `wait`.
  [[nodiscard]] std::optional<int> take(std::chrono::milliseconds wait);

 private:
  sigset_t taken_{};
  sigset_t before_{};
};

}  // namespace z2
