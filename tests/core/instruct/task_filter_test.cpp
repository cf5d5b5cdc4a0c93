#include "core/instruct/task_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

std::string judge(TaskFilter& filter, const std::string& instruction,
                  const std::string& output = "an answer") {
  const auto reason = filter.judge({instruction, "", output});
  return reason ? reason->reason : "kept";
}

TEST(TaskFilter, EachReasonInEnglish) {
  TaskFilter filter(
      {.minWords = 3, .maxWords = 8, .banned = defaultBannedWords(InstructionLanguage::kEnglish)});
  filter.remember("List three kinds of birds that swim well");
  EXPECT_EQ(judge(filter, "Explain why the sky is blue"), "kept");
  EXPECT_EQ(judge(filter, "Explain why the sky is blue."), drop_reason::kSimilar);
  EXPECT_EQ(judge(filter, "List four kinds of birds that swim well"), drop_reason::kSimilar);
  EXPECT_EQ(judge(filter, "Go on"), drop_reason::kShort);
  EXPECT_EQ(judge(filter, "one two three four five six seven eight nine"), drop_reason::kLong);
  EXPECT_EQ(judge(filter, "Describe the picture below"), drop_reason::kBanned);
  EXPECT_EQ(judge(filter, "Describe what picturesque means"), "kept");
  EXPECT_EQ(judge(filter, "解释天空为什么是蓝色的"), drop_reason::kLong);
  EXPECT_EQ(judge(filter, "解释天空的颜色"), drop_reason::kLanguage);
  EXPECT_EQ(judge(filter, ""), drop_reason::kNoInstruction);
  EXPECT_EQ(judge(filter, "Say something new here", ""), drop_reason::kNoOutput);
  // A dropped task does not stand in the way of others.
  EXPECT_EQ(judge(filter, "Say something new here"), "kept");
}

TEST(TaskFilter, ChineseByCharacters) {
  TaskFilter filter({.language = InstructionLanguage::kChinese,
                     .minWords = 4,
                     .maxWords = 300,
                     .banned = defaultBannedWords(InstructionLanguage::kChinese)});
  EXPECT_EQ(judge(filter, "请解释天空为什么是蓝色的。"), "kept");
  EXPECT_EQ(judge(filter, "请解释一下天空为什么是蓝色的"), drop_reason::kSimilar);
  EXPECT_EQ(judge(filter, "请描述下面的图片"), drop_reason::kBanned);
  EXPECT_EQ(judge(filter, "Explain why the sky is blue"), drop_reason::kLanguage);
  EXPECT_EQ(judge(filter, "你好"), drop_reason::kShort);
}

TEST(TaskFilter, ReadsBannedWords) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "banned";
  ASSERT_TRUE(replaceFile(file, "red tape\r\n\n 公文 \n"));
  TaskFilter filter({.minWords = 1, .banned = readBannedWords(file).value()});
  EXPECT_EQ(judge(filter, "Cut the Red-Tape now"), drop_reason::kBanned);
  EXPECT_EQ(judge(filter, "Cut the tape that is red"), "kept");
  ASSERT_TRUE(replaceFile(file, "good\n!!\n"));
  EXPECT_THAT(readBannedWords(file).error().text(), HasSubstr("!!"));
}

}  // namespace
}  // namespace z2
