#pragma once

// Child processes by argument vector, never through a shell, and the identity of processes: a pid
// together with its start time, so that a reused pid is not taken for the old process.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "core/base/error.h"

namespace z2 {

// Who a process is. pid 0: nobody.
struct ProcessId {
  int64_t pid = 0;
  uint64_t startTicks = 0;  // field 22 of /proc/PID/stat
};
[[nodiscard]] ProcessId thisProcess();
// Empty when there is no such process.
[[nodiscard]] std::optional<uint64_t> startTicksOf(int64_t pid);
// Whether exactly this process still runs; one that has ended but was not waited for does not.
[[nodiscard]] bool isAlive(const ProcessId& id);

// How a process ended: by exit(code), or by a signal.
struct ProcessEnd {
  std::optional<int> code = {};
  int signal = 0;
  [[nodiscard]] std::string text() const;  // "exit code 3", "signal SIGSEGV (segmentation fault)"
};
// "SIGKILL"; "signal 77" for one without a name.
[[nodiscard]] std::string signalName(int signal);

struct ProcessSpec {
  std::filesystem::path program;
  std::vector<std::string> arguments = {};  // without the program's own name
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to this process's
  std::filesystem::path output = {};  // standard output and error are appended; empty: inherited
  std::filesystem::path errors = {};  // standard error is appended here instead
  bool newSession = false;            // own session and group, standard input from /dev/null
  int parentDeathSignal = 0;          // sent to it when the thread that started it ends; 0: none
  // Called in the parent when the child exists but has not begun the program. Should it fail, or
  // should the parent die in it, the child ends without having begun.
  std::function<Result<void>(const ProcessId&)> beforeStart = {};
};

// A child of this process. Destruction does not end it. Thread-compatible.
class ChildProcess {
 public:
  // Fails when the program cannot be started; then no child is left.
  [[nodiscard]] static Result<ChildProcess> spawn(const ProcessSpec& spec);

  [[nodiscard]] const ProcessId& id() const { return id_; }
  // Empty while it runs.
  [[nodiscard]] std::optional<ProcessEnd> poll();
  ProcessEnd wait();

 private:
  explicit ChildProcess(ProcessId id) : id_(id) {}
  ProcessId id_;
  std::optional<ProcessEnd> end_;
};

// Sends to the process group that `leader` leads, if that process still is who it was.
void signalGroup(const ProcessId& leader, int signal);
// SIGCONT and SIGTERM, then SIGKILL to what is left after `grace`. Returns when the leader is gone.
void endGroup(const ProcessId& leader, std::chrono::milliseconds grace);

// Another program of the project, in the folder of this one; when this one was called through a
// link, the folder of the link's target.
[[nodiscard]] Result<std::filesystem::path> findSibling(std::string_view program);

}  // namespace z2
