#include "core/train/bench_step.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

BenchStepOptions smallStep(int64_t steps) {
  BenchStepOptions options;
  options.microBatch = 1;
  options.sequence = 16;
  options.steps = steps;
  options.device = "cpu";
  options.settings = {"model.num_hidden_layers=2"};
  return options;
}

TEST(BenchStep, TheTimelineHasEachOperationOnceBehindTheOther) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "step.json";
  BenchStepOptions options = smallStep(2);
  options.isProfiled = true;
  options.timeline = file.native();
  const auto result = benchStep(options);
  ASSERT_TRUE(result.has_value()) << result.error().text();

  const Json events = Json::parse(readFile(file).value()).at("traceEvents");
  std::set<std::string> names;
  double end = 0, spent = 0;
  int attentions = 0;
  for (const Json& event : events) {
    EXPECT_EQ(event.at("ph"), "X");
    const double begin = event.at("ts"), length = event.at("dur");
    EXPECT_GE(begin, end - 0.01);  // microseconds
    EXPECT_GE(length, 0);
    end = begin + length;
    spent += length;
    names.insert(event.at("name").get<std::string>());
    attentions += event.at("name") == "attentionForward" ? 1 : 0;
  }
  EXPECT_EQ(attentions, 2);
  for (const char* name : {"embeddingForward", "matmul, forward", "matmul, data gradients",
                           "matmul, weight gradients", "attentionBackward", "adamw"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_GT(spent, 0);

  // The profile is of the same operations, and adds up to the steps.
  double all = 0;
  for (const auto& [name, seconds] : result->at("profile").items()) {
    EXPECT_TRUE(names.contains(name) || name == "idle") << name;
    all += seconds.get<double>();
  }
  const double most =
      result->at("tokens_per_step").get<double>() / result->at("tok_s_min").get<double>();
  EXPECT_LE(all, most * 1.01);
}

TEST(BenchStep, ATimelineThatCannotBeWrittenIsSaid) {
  BenchStepOptions options = smallStep(1);
  options.timeline = "/nowhere/step.json";
  const auto result = benchStep(options);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().text().find("/nowhere"), std::string::npos) << result.error().text();
}

}  // namespace
}  // namespace z2
