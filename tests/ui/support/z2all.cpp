#include "tests/ui/support/z2all.h"

#include "core/base/check.h"
#include "core/base/process.h"

namespace z2::ui {

void runZ2all(const std::vector<std::string>& arguments) {
  auto program =
      ChildProcess::spawn({.program = Z2_BINARY_DIR "/bin/z2all", .arguments = arguments});
  Z2_CHECK(program, program.error().what);
  const ProcessEnd end = program->wait();
  Z2_CHECK(end.code == 0, end.text());
}

}  // namespace z2::ui
