#include "core/instruct/seed_tasks.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/instruct/task_prompt.h"
#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

class Seeds : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) {
    EXPECT_TRUE(replaceFile(folder_.path() / name, text));
    return folder_.path() / name;
  }
  std::string errorOf(const std::string& text) {
    const auto seeds = readSeedTasks({file("bad.jsonl", text)}, 1);
    return seeds ? "none" : seeds.error().text();
  }
  TemporaryFolder folder_;
};

TEST_F(Seeds, BothFormatsInBothLanguages) {
  const auto own =
      file("own.jsonl", R"({"instruction":"a","instances":[{"input":"b","output":"c"},)"
                        R"({"input":"d","output":"e"}]})"
                        "\n\n");
  const auto alpaca = file("alpaca.json", R"([{"instruction":"写一首诗","output":" 好 "}])");
  const SeedTasks seeds = readSeedTasks({own, alpaca}, 2).value();
  ASSERT_EQ(seeds.tasks.size(), 2U);
  EXPECT_EQ(seeds.tasks[0].input, "b");
  EXPECT_EQ(seeds.tasks[1].output, "好");
  EXPECT_EQ(seeds.language, InstructionLanguage::kEnglish);
  EXPECT_EQ(readSeedTasks({alpaca}, 1).value().language, InstructionLanguage::kChinese);
  EXPECT_NE(seeds.sha256, readSeedTasks({alpaca, own}, 1).value().sha256);
}

TEST_F(Seeds, SaysWhichLineIsNoTask) {
  const std::string good = R"({"instruction":"a","output":"b"})"
                           "\n";
  EXPECT_THAT(errorOf(good + "{\"instruction\":\n"), HasSubstr("bad.jsonl:2"));
  EXPECT_THAT(errorOf(good + R"({"text":"a"})"), HasSubstr("there is no \"instruction\""));
  EXPECT_THAT(errorOf(R"({"instruction":"a","instances":[]})"), HasSubstr("instances"));
  EXPECT_THAT(errorOf(R"({"instruction":"a","output":["b"]})"), HasSubstr("\"output\" is no text"));
  EXPECT_THAT(errorOf(R"({"instruction":"a","output":" "})"), HasSubstr("no output"));
  EXPECT_THAT(errorOf(""), HasSubstr("too few"));
  EXPECT_FALSE(readSeedTasks({folder_.path() / "missing.jsonl"}, 1));
}

TEST(TaskPrompt, ARequestDrawsItsExamplesFromItsNumber) {
  std::vector<InstructionTask> seeds;
  for (int i = 0; i < 20; ++i) seeds.push_back({std::to_string(i), "", "x"});
  std::set<std::string> drawn;
  for (uint64_t request = 0; request < 40; ++request) {
    const auto examples = drawExamples(seeds, 3, 1, request);
    const auto again = drawExamples(seeds, 3, 1, request);
    std::set<std::string> different;
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(examples[i].instruction, again[i].instruction);
      different.insert(examples[i].instruction);
      drawn.insert(examples[i].instruction);
    }
    EXPECT_EQ(different.size(), 3U);
  }
  EXPECT_EQ(drawn.size(), 20U);
  const std::string prompt =
      makeTaskPrompt(drawExamples(seeds, 3, 1, 0), 7, InstructionLanguage::kEnglish);
  EXPECT_THAT(prompt, HasSubstr("tasks 4 to 10"));
}

}  // namespace
}  // namespace z2
