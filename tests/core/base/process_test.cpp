#include "core/base/process.h"

#include <chrono>
#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

ChildProcess shell(const std::string& script, const std::filesystem::path& output = {}) {
  return ChildProcess::spawn({.program = "/bin/sh",
                              .arguments = {"-c", script},
                              .environment = {{"Z2_TEST_WORD", "hello there"}},
                              .output = output,
                              .newSession = true})
      .value();
}

TEST(Process, TellsHowItEnded) {
  EXPECT_EQ(shell("exit 7").wait().code, 7);
  const ProcessEnd killed = shell("kill -SEGV $$").wait();
  EXPECT_FALSE(killed.code);
  EXPECT_EQ(killed.signal, SIGSEGV);
  EXPECT_THAT(killed.text(), HasSubstr("SIGSEGV"));
  EXPECT_EQ(signalName(SIGKILL), "SIGKILL");
}

TEST(Process, AppendsOutputAndPassesArgumentsAsTheyAre) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "out";
  shell("echo \"$Z2_TEST_WORD\"; echo error >&2", file).wait();
  auto echo = ChildProcess::spawn(
      {.program = "/bin/echo", .arguments = {"$HOME; `x`", "b"}, .output = file});
  ASSERT_TRUE(echo);
  echo->wait();
  EXPECT_EQ(readFile(file).value(), "hello there\nerror\n$HOME; `x` b\n");
}

TEST(Process, AProgramThatIsNotThereIsAnError) {
  const auto child = ChildProcess::spawn({.program = "/no/such/program"});
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().text(), HasSubstr("/no/such/program"));
}

TEST(Process, DoesNotBeginWhenItsParentIsNotReady) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "made";
  const auto child = ChildProcess::spawn({.program = "/bin/sh",
                                          .arguments = {"-c", "touch " + file.native()},
                                          .beforeStart = [&](const ProcessId& id) -> Result<void> {
                                            EXPECT_TRUE(isAlive(id));
                                            return environmentError("", "no");
                                          }});
  EXPECT_FALSE(child);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Process, AZombieIsNotAliveNorIsAReusedPid) {
  ChildProcess child = shell("exec sleep 60");
  EXPECT_TRUE(isAlive(child.id()));
  EXPECT_FALSE(child.poll());
  EXPECT_FALSE(isAlive({child.id().pid, child.id().startTicks + 1}));
  ::kill(static_cast<pid_t>(child.id().pid), SIGKILL);
  while (isAlive(child.id())) ::usleep(1000);
  EXPECT_TRUE(startTicksOf(child.id().pid));
  EXPECT_EQ(child.wait().signal, SIGKILL);
  EXPECT_FALSE(startTicksOf(child.id().pid));
  EXPECT_FALSE(isAlive({}));
}

TEST(Process, AGroupEndsEvenWhenStoppedOrStubborn) {
  ChildProcess stopped = shell("exec sleep 60");
  ::kill(static_cast<pid_t>(stopped.id().pid), SIGSTOP);
  endGroup(stopped.id(), 5s);
  EXPECT_EQ(stopped.wait().signal, SIGTERM);

  const TemporaryFolder folder;
  const auto ready = folder.path() / "ready";
  ChildProcess stubborn =
      shell("trap '' TERM; touch " + ready.native() + "; while :; do sleep 1; done");
  while (!std::filesystem::exists(ready)) ::usleep(1000);
  endGroup(stubborn.id(), 100ms);
  EXPECT_EQ(stubborn.wait().signal, SIGKILL);
}

TEST(Process, FindsAProgramBesideThisOne) {
  EXPECT_EQ(findSibling("core_base_test").value().filename(), "core_base_test");
  EXPECT_THAT(findSibling("no_such_program").error().text(), HasSubstr("no_such_program"));
}

}  // namespace
}  // namespace z2
