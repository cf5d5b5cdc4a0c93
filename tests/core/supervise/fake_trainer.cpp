// A trainer's outside without its inside, for injecting faults: `fake_trainer run RUN --attempt K`
// reads line K of RUN/scenario and does what its words say, in turn:
//   step N   reports N more steps      checkpoint   leaves a checkpoint of the present step
//   exit N   ends with that status     signal N     ends by that signal
//   hang     stops itself (SIGSTOP)    wait         runs until SIGTERM, then ends with 5
//   ignore-stop  ignores SIGTERM       say TEXT     puts the word into the status's error
//   stop-supervisor N                  sends that signal to its parent
// Its arguments are appended to RUN/arguments.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <unistd.h>

#include "core/run/run_directory.h"

namespace {

volatile std::sig_atomic_t wasAskedToStop = 0;

void onTerm(int) { wasAskedToStop = 1; }

void rest() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

class FakeTrainer {
 public:
  explicit FakeTrainer(z2::RunDirectory run) : run_(std::move(run)) {
    status_ = run_.readStatus().value();
    status_.state = z2::RunState::kRunning;
  }

  int play(std::istream& words) {
    std::string word;
    report();
    while (words >> word) {
      if (word == "say") {
        words >> status_.error;
        report();
      } else if (word == "checkpoint") {
        const auto folder = run_.checkpoints() / ("step_" + std::to_string(status_.step));
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "manifest.json") << "{}";
      } else if (word == "hang") {
        ::raise(SIGSTOP);
      } else if (word == "ignore-stop") {
        std::signal(SIGTERM, SIG_IGN);
      } else if (word == "wait") {
        for (; wasAskedToStop == 0; rest()) report();
        return 5;
      } else {
        int number = 0;
        words >> number;
        if (word == "step") {
          for (int i = 0; i < number; ++i, rest()) {
            ++status_.step;
            report();
          }
        } else if (word == "signal") {
          std::signal(number, SIG_DFL);
          ::raise(number);
        } else if (word == "stop-supervisor") {
          ::kill(::getppid(), number);
        } else if (word == "exit") {
          return number;
        }
      }
    }
    return 0;
  }

 private:
  void report() {
    status_.heartbeat = z2::unixSeconds();
    if (!run_.beat(status_)) std::abort();
  }

  z2::RunDirectory run_;
  z2::RunStatus status_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  std::signal(SIGTERM, onTerm);
  const std::filesystem::path folder = argv[2];
  std::ofstream arguments(folder / "arguments", std::ios::app);
  for (int i = 3; i < argc; ++i) arguments << argv[i] << (i + 1 < argc ? ' ' : '\n');
  arguments.close();
  std::ifstream scenario(folder / "scenario");
  std::string line;
  for (int attempt = std::stoi(argv[4]); attempt > 0; --attempt) std::getline(scenario, line);
  std::istringstream words(line);
  return FakeTrainer(z2::RunDirectory::open(folder).value()).play(words);
}
