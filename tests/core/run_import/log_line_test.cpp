#include "core/run_import/log_line.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace z2 {
namespace {

using ::testing::ElementsAre;

TEST(FramedLine, GivesTimeLevelModuleAndMessage) {
  const auto line = parseFramedLine("[2024-06-22 21:19:53,315 - WARNING - utils.train]: a]: b");
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->time, 1719091193.315);
  EXPECT_EQ(line->level, "WARNING");
  EXPECT_EQ(line->module, "utils.train");
  EXPECT_EQ(line->message, "a]: b");
}

TEST(FramedLine, IsNothingElse) {
  for (const char* line :
       {"", "[", "[]: ", "[2024-06-22 21:19:53,315]: x", "[2024-06-22 21:19:53 - INFO - m]: x",
        "[2024-13-22 21:19:53,315 - INFO - m]: x", "[2024-02-30 21:19:53,315 - INFO - m]: x",
        "[2024-06-22 24:19:53,315 - INFO - m]: x", "[2024-06-22 21:19:53,31x - INFO - m]: x",
        " [2024-06-22 21:19:53,315 - INFO - m]: x"})
    EXPECT_FALSE(parseFramedLine(line)) << line;
}

TEST(StepLine, TakesEveryNumberWithItsName) {
  const auto step =
      parseStepLine("7 | loss 11.2299 | lr 2.76e-06 | 37.7904s | mfu 54.19% | a b: 3s");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->iteration, 7);
  ASSERT_EQ(step->numbers.size(), 5U);
  EXPECT_EQ(step->numbers[0].name, "loss");
  EXPECT_EQ(step->numbers[0].value, 11.2299);
  EXPECT_EQ(step->numbers[1].value, 2.76e-06);
  EXPECT_EQ(step->numbers[2].name, "");
  EXPECT_EQ(step->numbers[3].value, 0.5419);
  EXPECT_EQ(step->numbers[4].name, "a b");
  EXPECT_EQ(step->strange, "");
}

TEST(StepLine, NamesWhatItCannotRead) {
  const auto step = parseStepLine("7 | loss nan | hello | lr 1..2 | ");
  ASSERT_TRUE(step);
  ASSERT_EQ(step->numbers.size(), 1U);
  EXPECT_TRUE(std::isnan(step->numbers[0].value));
  EXPECT_EQ(step->strange, "hello");
  EXPECT_FALSE(parseStepLine("x | loss 1"));
  EXPECT_FALSE(parseStepLine("-1 | loss 1"));
  EXPECT_FALSE(parseStepLine("9223372036854775807 | loss 1"));
  EXPECT_FALSE(parseStepLine("99999999999999999999 | loss 1"));
  EXPECT_FALSE(parseStepLine("7"));
}

TEST(Matches, FillsTheHoles) {
  std::vector<std::string_view> holes;
  EXPECT_TRUE(
      matches("save {} checkpoint to {}, {}s", "save best checkpoint to a, b, 1.5s", holes));
  EXPECT_THAT(holes, ElementsAre("best", "a", "b, 1.5"));
  EXPECT_TRUE(matches("plain", "plain", holes));
  EXPECT_TRUE(matches("{}", "", holes));
  EXPECT_TRUE(matches("a{}", "a rest", holes));
  EXPECT_THAT(holes, ElementsAre(" rest"));
  EXPECT_FALSE(matches("plain", "plainer", holes));
  EXPECT_FALSE(matches("a {}s", "a 1", holes));
  EXPECT_FALSE(matches("a {} b {}", "a 1", holes));
}

TEST(Numbers, AreWholeOrNothing) {
  EXPECT_EQ(wholeNumber("13,478,511"), 13'478'511);
  EXPECT_FALSE(wholeNumber("12x"));
  EXPECT_FALSE(wholeNumber(""));
  EXPECT_EQ(realNumber("11.4724"), 11.4724);
  EXPECT_FALSE(realNumber("11.4724 "));
}

}  // namespace
}  // namespace z2
