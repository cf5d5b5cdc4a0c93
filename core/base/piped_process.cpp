#include "core/base/piped_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace z2 {

namespace {

void closeEnd(int& fd) {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

// The child's side of posix_spawn: its ends as 0 and 1, a group of its own, no signal blocked or
// ignored.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output, const std::filesystem::path& errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    if (!errors.empty())
      posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, errors.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<PipedProcess> PipedProcess::spawn(
    const std::filesystem::path& program, const std::vector<std::string>& arguments,
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::filesystem::path& errors) {
  // A socket for the input: writing to a child that has ended then is an error and no SIGPIPE.
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0)
    return systemError(errno, "starting", program.native());
  if (::pipe2(output.data(), O_CLOEXEC) != 0) {
    const int reason = errno;
    for (int& fd : input) closeEnd(fd);
    return systemError(reason, "starting", program.native());
  }
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  for (char** inherited = environ; *inherited != nullptr; ++inherited) {
    const std::string_view variable = *inherited;
    const auto isReplaced = [&](const auto& added) {
      return variable.starts_with(added.first) &&
             variable.substr(added.first.size()).starts_with('=');
    };
    if (std::none_of(environment.begin(), environment.end(), isReplaced))
      variables.emplace_back(variable);
  }
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);
  const SpawnSettings settings(input[1], output[1], errors);
  pid_t pid = 0;
  const int failure = ::posix_spawn(&pid, program.c_str(), settings.actions(),
                                    settings.attributes(), argv.data(), envp.data());
  closeEnd(input[1]);
  closeEnd(output[1]);
  if (failure != 0) {
    closeEnd(input[0]);
    closeEnd(output[0]);
    return systemError(failure, "starting", program.native());
  }
  return PipedProcess(input[0], output[0], pid);
}

PipedProcess::PipedProcess(PipedProcess&& other) noexcept
    : input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      pid_(std::exchange(other.pid_, 0)),
      lines_(std::move(other.lines_)) {}

PipedProcess::~PipedProcess() {
  if (pid_ != 0) (void)wait();
}

Result<void> PipedProcess::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return systemError(errno, "writing to", "the child process");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return {};
}

Result<void> PipedProcess::writeLine(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  return write(bytes);
}

void PipedProcess::closeInput() { closeEnd(input_); }

ProcessEnd PipedProcess::wait() {
  closeInput();
  closeEnd(output_);
  int status = 0;
  pid_t waited = 0;
  do {
    waited = ::waitpid(static_cast<pid_t>(pid_), &status, 0);
  } while (waited < 0 && errno == EINTR);
  pid_ = 0;
  if (waited < 0) return {};
  if (WIFEXITED(status)) return {.code = WEXITSTATUS(status)};
  return {.signal = WTERMSIG(status)};
}

}  // namespace z2
