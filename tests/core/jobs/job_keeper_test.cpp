#include "core/jobs/job_keeper.h"

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class JobKeeper : public ::testing::Test {
 protected:
  // Training that takes seconds, and would write to `tokenizer`.
  JobSpec slowSpec() {
    std::string text;
    uint32_t state = 12345;
    while (text.size() < size_t{24} << 20) {
      state = state * 1664525 + 1013904223;
      text += std::to_string(state);
      text += state % 7 == 0 ? '\n' : ' ';
    }
    EXPECT_TRUE(replaceFile(folder_.path() / "text.txt", text));
    return {.kind = "tokenizer.train",
            .title = "slow",
            .arguments = {"tokenizer", "train", "--input", (folder_.path() / "text.txt").native(),
                          "--vocab-size", "60000", "--output", tokenizer_.native()},
            .startedAt = 1};
  }
  template <typename Condition>
  bool waitFor(Condition condition) {
    for (int i = 0; i < 3000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    return condition();
  }
  std::string errors() const { return readFile(job_.errors()).value_or(""); }

  TemporaryFolder folder_;
  std::filesystem::path tokenizer_ = folder_.path() / "tokenizer";
  JobFolder job_{folder_.path() / ".jobs" / "1"};
};

TEST_F(JobKeeper, WritesOutputAndEnd) {
  ASSERT_TRUE(replaceFile(folder_.path() / "text.txt", "some words, some words\n"));
  auto keeper = startJob(
      job_, {.kind = "tokenizer.train",
             .title = "quick",
             .arguments = {"tokenizer", "train", "--input", (folder_.path() / "text.txt").native(),
                           "--vocab-size", "260", "--json", "--output", tokenizer_.native()},
             .startedAt = 5});
  ASSERT_TRUE(keeper) << keeper.error().text();
  EXPECT_EQ(job_.keeper()->pid, keeper->id().pid);
  EXPECT_EQ(keeper->wait().code, 0);
  ASSERT_TRUE(job_.end());
  EXPECT_EQ(job_.end()->code, 0);
  EXPECT_EQ(job_.readSpec().value().title, "quick");
  EXPECT_THAT(readFile(job_.output()).value(), HasSubstr("\"vocab_size\":260"));
  EXPECT_THAT(errors(), HasSubstr(R"({"progress":"reading")"));
  EXPECT_THAT(errors(), HasSubstr(R"({"progress":"merging")"));
}

TEST_F(JobKeeper, TellsErrorsInParts) {
  auto keeper =
      startJob(job_, {.kind = "x",
                      .title = "x",
                      .arguments = {"tokenizer", "inspect", "--tokenizer", "/no/such/tokenizer"}});
  ASSERT_TRUE(keeper);
  keeper->wait();
  ASSERT_TRUE(job_.end());
  EXPECT_EQ(job_.end()->code, 3);
  const Json told = parseJson(errors(), "errors").value();
  EXPECT_THAT(told["error"]["where"].get<std::string>(), HasSubstr("/no/such/tokenizer"));
}

TEST_F(JobKeeper, CancelLeavesNothing) {
  auto keeper = startJob(job_, slowSpec());
  ASSERT_TRUE(keeper);
  ASSERT_TRUE(waitFor([&] { return errors().find("progress") != std::string::npos; }));
  cancelJob(job_, false);
  keeper->wait();
  ASSERT_TRUE(job_.end());
  EXPECT_EQ(job_.end()->code, 5);
  EXPECT_TRUE(job_.isCancelled());
  EXPECT_FALSE(std::filesystem::exists(tokenizer_));
}

TEST_F(JobKeeper, KillsWhenUrgent) {
  auto keeper = startJob(job_, slowSpec());
  ASSERT_TRUE(keeper);
  ASSERT_TRUE(waitFor([&] { return errors().find("progress") != std::string::npos; }));
  cancelJob(job_, true);
  keeper->wait();
  ASSERT_TRUE(job_.end());
  EXPECT_EQ(job_.end()->signal, SIGKILL);
}

TEST_F(JobKeeper, AKilledKeeperTakesTheWorkWithIt) {
  auto keeper = startJob(job_, slowSpec());
  ASSERT_TRUE(keeper);
  ASSERT_TRUE(waitFor([&] { return errors().find("progress") != std::string::npos; }));
  ::kill(static_cast<pid_t>(keeper->id().pid), SIGKILL);
  keeper->wait();
  EXPECT_FALSE(job_.end());
  EXPECT_TRUE(waitFor([&] { return errors().find("\"error\"") != std::string::npos; }));
  EXPECT_FALSE(std::filesystem::exists(tokenizer_));
}

}  // namespace
}  // namespace z2
