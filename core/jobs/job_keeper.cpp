#include "core/jobs/job_keeper.h"

#include <chrono>
#include <csignal>
#include <cstddef>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/progress.h"
#include "core/io/files.h"
#include "core/supervise/signal_inbox.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kTick{500};
constexpr off_t kSpaceForErrors = 64 << 10;
constexpr size_t kReserve = 16 << 10;

// Removed when the end is to be written; what cannot be set aside is done without.
class Reserve {
 public:
  explicit Reserve(const JobFolder& job) : path_(job.path() / "reserve") {
    if (const auto errors = openFile(job.errors(), O_WRONLY | O_CREAT | O_APPEND))
      ::fallocate(errors->fd(), FALLOC_FL_KEEP_SIZE, 0, kSpaceForErrors);
    if (const auto file = openFile(path_, O_WRONLY | O_CREAT | O_TRUNC)) [[maybe_unused]]
      const auto ignored = writeAll(*file, std::string(kReserve, ' '), path_);
  }
  ~Reserve() { ::unlink(path_.c_str()); }
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;

 private:
  fs::path path_;
};

ProcessEnd watch(ChildProcess& work, SignalInbox& signals) {
  if (stopRequested()) signalGroup(work.id(), SIGINT);  // one that came before the inbox was there
  while (true) {
    if (const auto end = work.poll()) return *end;
    const std::optional<int> signal = signals.take(kTick);
    if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) signalGroup(work.id(), SIGINT);
    if (signal == SIGUSR1) signalGroup(work.id(), SIGKILL);
  }
}

}  // namespace

Result<void> keepJob(const JobFolder& job) {
  Z2_TRY(const JobSpec spec, job.readSpec());
  Z2_TRY(const fs::path program, findSibling("z2all"));
  SignalInbox signals;
  std::optional<ProcessEnd> end;
  {
    const Reserve reserve(job);
    Z2_TRY(ChildProcess work, ChildProcess::spawn({.program = program,
                                                   .arguments = spec.arguments,
                                                   .environment = {{"Z2_PROGRESS", "json"}},
                                                   .output = job.output(),
                                                   .errors = job.errors(),
                                                   .newSession = true,
                                                   .parentDeathSignal = SIGINT}));
    end = watch(work, signals);
  }
  return job.writeEnd(*end);
}

Result<ChildProcess> startJob(const JobFolder& job, const JobSpec& spec) {
  Z2_TRY_VOID(job.writeSpec(spec));
  Z2_TRY(const fs::path program, findSibling("z2all"));
  return ChildProcess::spawn(
      {.program = program,
       .arguments = {"job", "run", job.path().native()},
       .output = job.path() / "keeper.log",
       .newSession = true,
       .beforeStart = [&](const ProcessId& keeper) { return job.writeKeeper(keeper); }});
}

void cancelJob(const JobFolder& job, bool isUrgent) {
  job.markCancelled();
  const auto keeper = job.keeper();
  if (!keeper || !isAlive(*keeper)) return;
  ::kill(static_cast<pid_t>(keeper->pid), isUrgent ? SIGUSR1 : SIGINT);
}

}  // namespace z2
