#include "tests/app/cli/program.h"

#include <filesystem>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/check.h"
#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {

ProgramRun runProgram(const std::string& program, const std::vector<std::string>& arguments,
                      const std::string& input) {
  const TemporaryFolder folder;
  const std::filesystem::path files[] = {folder.path() / "in", folder.path() / "out",
                                         folder.path() / "err"};
  Z2_CHECK(replaceFile(files[0], input).has_value());
  const std::string path = (std::filesystem::path(Z2_BINARY_DIR) / "bin" / program).native();
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  Z2_CHECK(child >= 0, "no child process");
  if (child == 0) {
    for (int i = 0; i < 3; ++i) {
      const int flags = i == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
      ::dup2(::open(files[i].c_str(), flags, 0600), i);
    }
    ::execv(path.c_str(), argv.data());
    ::_exit(127);
  }
  int status = 0;
  Z2_CHECK(::waitpid(child, &status, 0) == child);
  ProgramRun run;
  if (WIFEXITED(status)) run.exitCode = WEXITSTATUS(status);
  run.output = readFile(files[1]).value_or("");
  run.errors = readFile(files[2]).value_or("");
  return run;
}

}  // namespace z2
