#include "core/instruct/task_store.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/instruct/task_filter.h"
#include "tests/support/task_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Json kSettings = {{"language", "en"}, {"model", "m"}};

class Store : public ::testing::Test {
 protected:
  TaskStore open(const Json& settings = kSettings) {
    auto store = TaskStore::open(output_, settings);
    EXPECT_TRUE(store) << store.error().text();
    return *std::move(store);
  }
  static RequestOutcome outcome(uint64_t request) {
    return {.request = request,
            .kept = {madeUpTask(2 * request), madeUpTask(2 * request + 1)},
            .dropped = {{.task = madeUpTask(1000 + request),
                         .answer = {},
                         .reason = "too similar",
                         .detail = "0.80: x"}},
            .attempts = 2,
            .promptTokens = 10,
            .completionTokens = 20,
            .hasUsage = true};
  }
  std::vector<std::string> instructions() const {
    std::vector<std::string> list;
    const auto tasks = readKeptTasks(output_).value();
    for (const InstructionTask& task : tasks) list.push_back(task.instruction);
    return list;
  }

  TemporaryFolder folder_;
  fs::path output_ = folder_.path() / "sub" / "new.jsonl";
  TaskPaths paths_ = taskPathsOf(output_);
};

TEST_F(Store, GoesOnWhereItWasClosed) {
  {
    TaskStore store = open();
    EXPECT_EQ(store.nextRequest(0), 0U);
    ASSERT_TRUE(store.commit(outcome(0)));
    ASSERT_TRUE(store.commit(outcome(2)));
    ASSERT_TRUE(store.close());
  }
  TaskStore store = open();
  EXPECT_EQ(store.kept().size(), 4U);
  EXPECT_EQ(store.dropped().size(), 2U);
  EXPECT_EQ(store.dropped()[1].task.instruction, madeUpTask(1002).instruction);
  EXPECT_EQ(store.totals().requests, 2U);
  EXPECT_EQ(store.totals().attempts, 4U);
  EXPECT_EQ(store.totals().completionTokens, 40);
  EXPECT_EQ(store.nextRequest(0), 1U);
  EXPECT_EQ(store.nextRequest(2), 3U);
  EXPECT_EQ(paths_.dropped.filename(), "dropped-new.jsonl");
  const Json first =
      parseJson(readFile(output_).value().substr(0, readFile(output_)->find('\n')), "line").value();
  EXPECT_EQ(first, madeUpTask(0).toJson());
}

// Every state that a kill can leave: the files cut within what the last request wrote.
TEST_F(Store, AKillAnywhereLosesAndDoublesNothing) {
  size_t before[3] = {};
  std::string whole[3];
  const fs::path files[3] = {paths_.journal, paths_.kept, paths_.dropped};
  {
    TaskStore store = open();
    ASSERT_TRUE(store.commit(outcome(0)));
    for (int i = 0; i < 3; ++i) before[i] = readFile(files[i])->size();
    ASSERT_TRUE(store.commit(outcome(1)));
    for (int i = 0; i < 3; ++i) whole[i] = readFile(files[i]).value();
  }
  // In the order of writing: the journal, the kept tasks, the dropped ones.
  constexpr size_t kStep = 7;
  for (int part = 0; part < 3; ++part) {
    for (size_t size = before[part]; size < whole[part].size() + kStep; size += kStep) {
      const size_t end = std::min(size, whole[part].size());
      for (int i = 0; i < 3; ++i)
        std::ofstream(files[i]) << whole[i].substr(0, i < part    ? whole[i].size()
                                                      : i == part ? end
                                                                  : before[i]);
      const bool isJournaled = part > 0 || end == whole[0].size();
      TaskStore store = open();
      ASSERT_EQ(store.nextRequest(0), isJournaled ? 2U : 1U);
      if (!isJournaled) {
        ASSERT_TRUE(store.commit(outcome(1)));
      }
      ASSERT_EQ(readFile(paths_.kept).value(), whole[1]) << part << " " << end;
      ASSERT_EQ(readFile(paths_.dropped).value(), whole[2]) << part << " " << end;
      ASSERT_EQ(store.kept().size(), 4U);
      ASSERT_EQ(store.totals().requests, 2U);
    }
  }
}

TEST_F(Store, WhatAPersonChangedStays) {
  { ASSERT_TRUE(open().commit(outcome(0))); }
  // Killed, and then edited: a line out, another at the end without its newline.
  std::string text = readFile(output_).value();
  text = text.substr(text.find('\n') + 1) + R"({"instruction":"own","output":"o"})";
  ASSERT_TRUE(replaceFile(output_, text));
  { ASSERT_TRUE(open().commit(outcome(1))); }
  EXPECT_THAT(instructions(), ElementsAre(madeUpTask(1).instruction, "own",
                                          madeUpTask(2).instruction, madeUpTask(3).instruction));
}

TEST_F(Store, EditsOneTaskAndTakesOneOut) {
  {
    TaskStore store = open();
    ASSERT_TRUE(store.commit(outcome(0)));
  }
  // A field of the user's own stays.
  std::string text = readFile(output_).value();
  text.insert(text.rfind('}'), R"(,"source":"mine")");
  ASSERT_TRUE(replaceFile(output_, text));
  {
    TaskStore store = open();
    ASSERT_TRUE(store.replaceTask(1, {"better", "", "answer"}));
    ASSERT_TRUE(store.removeTask(0));
    ASSERT_TRUE(store.commit(outcome(1)));
  }
  TaskStore store = open(Json::object());
  EXPECT_THAT(instructions(),
              ElementsAre("better", madeUpTask(2).instruction, madeUpTask(3).instruction));
  EXPECT_EQ(store.dropped()[1].reason, drop_reason::kByHand);
  EXPECT_EQ(store.dropped()[1].task.instruction, madeUpTask(0).instruction);
}

TEST_F(Store, RefusesWhatIsNotItsOwnAndChangesNothing) {
  ASSERT_TRUE(makeFolders(output_.parent_path()));
  ASSERT_TRUE(replaceFile(output_, "mine\n"));
  EXPECT_THAT(TaskStore::open(output_, kSettings).error().text(), HasSubstr("another --output"));
  EXPECT_EQ(readFile(output_).value(), "mine\n");
  ASSERT_TRUE(TaskStore::remove(output_));
  {
    TaskStore store = open();
    ASSERT_TRUE(store.commit(outcome(0)));
    EXPECT_THAT(TaskStore::open(output_, kSettings).error().text(), HasSubstr("another process"));
  }
  EXPECT_THAT(TaskStore::open(output_, {{"language", "zh"}}).error().text(),
              HasSubstr("another language"));
  EXPECT_THAT(open({{"language", "en"}, {"model", "n"}}).changes(), ElementsAre("model"));
  EXPECT_TRUE(open({{"language", "en"}, {"model", "n"}}).changes().empty());
  const std::string good = readFile(output_).value();
  ASSERT_TRUE(replaceFile(output_, good + "{broken}\n"));
  EXPECT_THAT(TaskStore::open(output_, kSettings).error().text(), HasSubstr("new.jsonl:3"));
  EXPECT_EQ(readFile(output_).value(), good + "{broken}\n");
  fs::remove(output_);
  EXPECT_THAT(TaskStore::open(output_, kSettings).error().text(), HasSubstr("is gone"));
}

TEST_F(Store, ADamagedJournalIsNamed) {
  { ASSERT_TRUE(open().commit(outcome(0))); }
  const std::string journal = readFile(paths_.journal).value();
  for (const std::string& line : {std::string("{\"request\":\"x\"}\n"), std::string("nonsense\n"),
                                  journal.substr(journal.find('\n') + 1)}) {
    ASSERT_TRUE(replaceFile(paths_.journal, journal + line));
    const auto store = TaskStore::open(output_, kSettings);
    ASSERT_FALSE(store) << line;
    EXPECT_THAT(store.error().text(), HasSubstr("journal.jsonl"));
  }
}

}  // namespace
}  // namespace z2
