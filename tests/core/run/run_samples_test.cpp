#include "core/run/run_samples.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

const RunSample kSample{.step = 50,
                        .prompt = "从前",
                        .text = ", \"a king\"\nand",
                        .temperature = 0.7,
                        .seed = 3,
                        .maxNewTokens = 60};

TEST(RunSamples, ComeBackAsTheyWereWritten) {
  const TemporaryFolder folder;
  EXPECT_TRUE(readSamples(folder.path()).value().empty());
  ASSERT_TRUE(addSample(folder.path(), kSample));
  const auto samples = readSamples(folder.path()).value();
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_TRUE(samples[0].isSameQuestion(kSample));
  EXPECT_EQ(samples[0].text, kSample.text);
}

TEST(RunSamples, ATornLineCostsOnlyItself) {
  const TemporaryFolder folder;
  ASSERT_TRUE(addSample(folder.path(), kSample));
  std::ofstream(samplesFile(folder.path()), std::ios::app) << R"({"step":100,"pro)";
  ASSERT_TRUE(addSample(folder.path(), kSample));
  EXPECT_EQ(readSamples(folder.path()).value().size(), 2U);
}

TEST(RunSamples, AnotherSeedIsAnotherQuestion) {
  RunSample other = kSample;
  other.text.clear();
  EXPECT_TRUE(other.isSameQuestion(kSample));
  other.seed = 4;
  EXPECT_FALSE(other.isSameQuestion(kSample));
}

}  // namespace
}  // namespace z2
