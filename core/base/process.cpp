#include "core/base/process.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kPollInterval{20};
constexpr int kCannotStart = 127;

// The fields after the parenthesised name, which may itself hold spaces and parentheses.
std::vector<std::string> statFields(int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const size_t close = line.rfind(')');
  if (close == std::string::npos) return {};
  std::vector<std::string> fields;
  std::string field;
  for (const char c : line.substr(close + 1) + " ") {
    if (c != ' ') {
      field += c;
    } else if (!field.empty()) {
      fields.push_back(std::exchange(field, {}));
    }
  }
  return fields;
}

constexpr size_t kStateField = 0;   // field 3 of the line
constexpr size_t kStartField = 19;  // field 22

struct Pipe {
  int readEnd = -1;
  int writeEnd = -1;

  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    closeRead();
    closeWrite();
  }
  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    readEnd = ends[0];
    writeEnd = ends[1];
    return true;
  }
  void closeRead() { closeEnd(readEnd); }
  void closeWrite() { closeEnd(writeEnd); }

 private:
  static void closeEnd(int& fd) {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }
};

ssize_t readFully(int fd, void* data, size_t size) {
  ssize_t count = 0;
  do {
    count = ::read(fd, data, size);
  } while (count < 0 && errno == EINTR);
  return count;
}

// What the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct ChildPlan {
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* program = nullptr;
  const char* output = nullptr;
  const char* errors = nullptr;
  bool newSession = false;
  int parentDeathSignal = 0;
  int gate = -1;     // a byte here lets the child begin
  int failure = -1;  // takes errno when it cannot
};

[[noreturn]] void giveUp(const ChildPlan& plan) {
  const int reason = errno;
  [[maybe_unused]] const ssize_t ignored = ::write(plan.failure, &reason, sizeof reason);
  ::_exit(kCannotStart);
}

void appendTo(const char* path, int stream, const ChildPlan& plan) {
  const int file = ::open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file < 0 || ::dup2(file, stream) < 0) giveUp(plan);
}

[[noreturn]] void runChild(const ChildPlan& plan) {
  char go = 0;
  if (readFully(plan.gate, &go, 1) != 1) ::_exit(kCannotStart);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (plan.newSession) {
    ::setsid();
    const int null = ::open("/dev/null", O_RDONLY);
    if (null < 0 || ::dup2(null, STDIN_FILENO) < 0) giveUp(plan);
  }
  if (plan.parentDeathSignal != 0) ::prctl(PR_SET_PDEATHSIG, plan.parentDeathSignal);
  if (plan.output != nullptr) {
    appendTo(plan.output, STDOUT_FILENO, plan);
    if (::dup2(STDOUT_FILENO, STDERR_FILENO) < 0) giveUp(plan);
  }
  if (plan.errors != nullptr) appendTo(plan.errors, STDERR_FILENO, plan);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(plan.program, plan.argv.data(), plan.envp.data());
  giveUp(plan);
}

std::vector<std::string> environmentWith(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    bool isReplaced = false;
    for (const auto& [name, value] : added) isReplaced |= text.starts_with(name + "=");
    if (!isReplaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

ProcessEnd endOf(int status) {
  if (WIFEXITED(status)) return {.code = WEXITSTATUS(status)};
  return {.signal = WTERMSIG(status)};
}

}  // namespace

ProcessId thisProcess() {
  const int64_t pid = ::getpid();
  return {.pid = pid, .startTicks = startTicksOf(pid).value_or(0)};
}

std::optional<uint64_t> startTicksOf(int64_t pid) {
  const auto fields = statFields(pid);
  if (fields.size() <= kStartField) return std::nullopt;
  const std::string& text = fields[kStartField];
  uint64_t ticks = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), ticks);
  if (error != std::errc()) return std::nullopt;
  return ticks;
}

bool isAlive(const ProcessId& id) {
  if (id.pid <= 0) return false;
  const auto fields = statFields(id.pid);
  if (fields.size() <= kStartField) return false;
  const std::string& state = fields[kStateField];
  if (state == "Z" || state == "X") return false;
  return fields[kStartField] == std::to_string(id.startTicks);
}

std::string signalName(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(signal);
}

std::string ProcessEnd::text() const {
  if (code) return "exit code " + std::to_string(*code);
  const char* description = ::sigdescr_np(signal);
  return "signal " + signalName(signal) +
         (description != nullptr ? " (" + std::string(description) + ")" : "");
}

Result<ChildProcess> ChildProcess::spawn(const ProcessSpec& spec) {
  std::vector<std::string> arguments = {spec.program.native()};
  arguments.insert(arguments.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<std::string> environment = environmentWith(spec.environment);
  Pipe gate;
  Pipe failure;
  if (!gate.open() || !failure.open()) return systemError(errno, "starting", spec.program.native());
  const ChildPlan plan{.argv = pointersTo(arguments),
                       .envp = pointersTo(environment),
                       .program = spec.program.c_str(),
                       .output = spec.output.empty() ? nullptr : spec.output.c_str(),
                       .errors = spec.errors.empty() ? nullptr : spec.errors.c_str(),
                       .newSession = spec.newSession,
                       .parentDeathSignal = spec.parentDeathSignal,
                       .gate = gate.readEnd,
                       .failure = failure.writeEnd};
  const pid_t pid = ::fork();
  if (pid < 0) return systemError(errno, "starting", spec.program.native());
  if (pid == 0) {
    ::close(gate.writeEnd);
    runChild(plan);
  }
  gate.closeRead();
  failure.closeWrite();
  ChildProcess child({.pid = pid, .startTicks = startTicksOf(pid).value_or(0)});
  if (spec.beforeStart) {
    if (auto ready = spec.beforeStart(child.id_); !ready) {
      gate.closeWrite();
      child.wait();
      return tl::unexpected(std::move(ready).error());
    }
  }
  const char go = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(gate.writeEnd, &go, 1);
  int reason = 0;
  if (readFully(failure.readEnd, &reason, sizeof reason) == sizeof reason) {
    child.wait();
    return systemError(reason, "starting", spec.program.native());
  }
  return child;
}

std::optional<ProcessEnd> ChildProcess::poll() {
  if (end_) return end_;
  int status = 0;
  pid_t waited = 0;
  do {
    waited = ::waitpid(static_cast<pid_t>(id_.pid), &status, WNOHANG);
  } while (waited < 0 && errno == EINTR);
  if (waited == id_.pid) end_ = endOf(status);
  return end_;
}

ProcessEnd ChildProcess::wait() {
  while (!end_) {
    int status = 0;
    if (::waitpid(static_cast<pid_t>(id_.pid), &status, 0) == id_.pid)
      end_ = endOf(status);
    else if (errno != EINTR)
      end_ = ProcessEnd{};
  }
  return *end_;
}

void signalGroup(const ProcessId& leader, int signal) {
  if (!isAlive(leader)) return;
  if (::kill(static_cast<pid_t>(-leader.pid), signal) != 0)
    ::kill(static_cast<pid_t>(leader.pid), signal);
}

void endGroup(const ProcessId& leader, std::chrono::milliseconds grace) {
  // A stopped process takes SIGTERM only once it goes on.
  signalGroup(leader, SIGTERM);
  signalGroup(leader, SIGCONT);
  const auto deadline = std::chrono::steady_clock::now() + grace;
  while (isAlive(leader) && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(kPollInterval);
  while (isAlive(leader)) {
    signalGroup(leader, SIGKILL);
    std::this_thread::sleep_for(kPollInterval);
  }
}

Result<fs::path> findSibling(std::string_view program) {
  std::error_code failure;
  const fs::path self = fs::read_symlink("/proc/self/exe", failure);
  const fs::path besideSelf = self.parent_path() / program;
  if (!failure && ::access(besideSelf.c_str(), X_OK) == 0) return besideSelf;
  return environmentError(besideSelf.native(),
                          "the program " + std::string(program) + " is not there",
                          "Build it (packaging/setup), or put it beside " + self.native());
}

}  // namespace z2
