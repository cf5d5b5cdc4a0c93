#include "core/run/run_directory.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/run/engine_log.h"
#include "core/run/run_lock.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

RunConfig someConfig() {
  return RunConfig::make(Task::kPretrain, Json(), {"train.steps=20", "optim.lr=3e-4"}).value();
}

TEST(RunDirectory, OpensWhatItMade) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "runs" / "a";
  const RunDirectory made = RunDirectory::create(path / "", someConfig()).value();
  EXPECT_EQ(made.name(), "a");
  const RunDirectory opened = RunDirectory::open(path).value();
  EXPECT_EQ(opened.config().toJson(), made.config().toJson());
  EXPECT_EQ(opened.created(), made.created());
  EXPECT_EQ(opened.readStatus().value().state, RunState::kCreated);
  EXPECT_EQ(opened.readStatus().value().steps, 20);
}

TEST(RunDirectory, ChangesWhatMayChangeAndNothingElse) {
  const TemporaryFolder folder;
  RunDirectory run = RunDirectory::create(folder.path() / "a", someConfig()).value();
  ASSERT_TRUE(run.change({"train.skip_steps=3-5,9", "optim.lr=1e-4"}));
  const RunDirectory opened = RunDirectory::open(run.path()).value();
  EXPECT_EQ(opened.config().list("train.skip_steps"), (std::vector<std::string>{"3-5", "9"}));
  EXPECT_EQ(opened.config().real("optim.lr"), 1e-4);
  const std::string events = readFile(run.events()).value();
  EXPECT_THAT(events, HasSubstr("\"changed\""));
  EXPECT_THAT(events, HasSubstr("\"optim.lr\":{\"from\":0.0003,\"to\":0.0001}"));
  for (const char* refused : {"model.hidden_size=640", "train.seed=2", "train.steps=5",
                              "train.skip_steps=5-3", "no.such=1"})
    EXPECT_FALSE(run.change({"optim.lr=2e-4", refused})) << refused;
  EXPECT_EQ(RunDirectory::open(run.path()).value().config().toJson(), opened.config().toJson());
}

TEST(RunDirectory, ReadsWhatAnOlderProgramWrote) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path() / "a", someConfig()).value();
  Json content = readJsonFile(run.path() / "run.json").value();
  content["schema_version"] = 1;
  for (const auto& [count, expected] :
       {std::pair(0, std::vector<std::string>()), std::pair(7, std::vector<std::string>{"1-7"})}) {
    content["config"]["train"]["skip_steps"] = count;
    ASSERT_TRUE(writeJsonFile(run.path() / "run.json", content));
    EXPECT_EQ(RunDirectory::open(run.path()).value().config().list("train.skip_steps"), expected);
  }
}

TEST(RunDirectory, RefusesASecondRunInOnePlace) {
  const TemporaryFolder folder;
  ASSERT_TRUE(RunDirectory::create(folder.path(), someConfig()));
  const auto again = RunDirectory::create(folder.path(), someConfig());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kBadInput);
}

TEST(RunDirectory, SaysWhatIsWrongWithADirectory) {
  const TemporaryFolder folder;
  EXPECT_THAT(RunDirectory::open(folder.path()).error().text(), HasSubstr("no run.json"));
  const auto errorOf = [&](const std::string& content) {
    EXPECT_TRUE(replaceFile(folder.path() / "run.json", content));
    const auto opened = RunDirectory::open(folder.path());
    return opened ? std::string() : opened.error().text();
  };
  EXPECT_THAT(errorOf("{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(errorOf("[]"), HasSubstr("not the configuration of a run"));
  EXPECT_THAT(errorOf(R"({"schema_version":99,"task":"sft"})"), HasSubstr("newer program"));
  EXPECT_THAT(errorOf(R"({"schema_version":1,"task":3})"), HasSubstr("not a task"));
  EXPECT_THAT(errorOf(R"({"schema_version":1,"task":"sft","config":{"train":{"steps":0}}})"),
              HasSubstr("run.json"));
}

TEST(RunDirectory, StatusGoesThroughTheFile) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), someConfig()).value();
  RunStatus status;
  status.state = RunState::kCrashed;
  status.step = 7;
  status.attempt = 2;
  status.supervisor = {11, 22};
  status.trainer = {33, 44};
  status.host = "here";
  status.heartbeat = 1.5e9;
  status.exitCode = 139;
  status.error = "signal SIGSEGV";
  ASSERT_TRUE(run.writeStatus(status));
  EXPECT_EQ(toJson(run.readStatus().value()), toJson(status));
  status.step = 8;
  ASSERT_TRUE(run.beat(status));
  EXPECT_EQ(run.readStatus().value().step, 8);
  ASSERT_TRUE(replaceFile(folder.path() / "status.json", R"({"state":"happy"})"));
  EXPECT_FALSE(run.readStatus());
  ASSERT_TRUE(replaceFile(folder.path() / "status.json", R"({"state":"running","step":"x"})"));
  EXPECT_FALSE(run.readStatus());
}

TEST(RunDirectory, EventsSurviveATornLine) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), someConfig()).value();
  std::ofstream(run.events(), std::ios::app) << "{\"torn";
  ASSERT_TRUE(run.addEvent("note", {{"text", "hello"}}));
  const std::string all = readFile(run.events()).value();
  EXPECT_THAT(all, HasSubstr("{\"torn\n"));
  EXPECT_THAT(all, HasSubstr("\"event\":\"note\",\"text\":\"hello\"}\n"));
}

TEST(RunDirectory, IsExtendedNotShortened) {
  const TemporaryFolder folder;
  RunDirectory run = RunDirectory::create(folder.path(), someConfig()).value();
  EXPECT_FALSE(run.extend(10));
  ASSERT_TRUE(run.extend(40));
  EXPECT_EQ(RunDirectory::open(folder.path()).value().config().integer("train.steps"), 40);
  EXPECT_THAT(readFile(run.events()).value(), HasSubstr("\"event\":\"extended\",\"from\":20"));
}

TEST(RunLock, IsHeldByOne) {
  const TemporaryFolder folder;
  {
    const RunLock lock = RunLock::take(folder.path()).value();
    const auto second = RunLock::take(folder.path());
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().text(), HasSubstr("process " + std::to_string(::getpid())));
    EXPECT_EQ(RunLock::holder(folder.path()).pid, ::getpid());
  }
  EXPECT_EQ(RunLock::holder(folder.path()).pid, 0);
  EXPECT_TRUE(RunLock::take(folder.path()));
}

TEST(EngineLog, Appends) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "engine.log";
  openEngineLog(file, "engine").value()->info("step {}", 3);
  openEngineLog(file, "supervisor").value()->warn("again");
  const std::string text = readFile(file).value();
  EXPECT_THAT(text, HasSubstr("engine: step 3\n"));
  EXPECT_THAT(text, HasSubstr("warning supervisor: again\n"));
  EXPECT_FALSE(openEngineLog(folder.path(), "x"));
}

}  // namespace
}  // namespace z2
