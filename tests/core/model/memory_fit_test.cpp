// What a model takes is held against what a device has free before anything is allocated.

#include "core/model/memory_fit.h"

#include <cstdio>

#include <gtest/gtest.h>

#include "tests/support/small_llama.h"

namespace z2 {
namespace {

// The CPU's table, with as much free memory as a test wants.
class MemoryFit : public testing::Test {
 protected:
  MemoryFit() {
    ops_ = cpuOps(1);
    ops_.deviceInfo = [](Z2Context*, Z2DeviceInfo* info) {
      *info = {};
      std::snprintf(info->name, sizeof info->name, "a small GPU");
      info->freeBytes = free_;
      info->memoryBytes = 2 * free_;
      return Z2_OK;
    };
  }

  int64_t bytesWith(Recompute recompute, int64_t rows = 4) {
    options_.recompute = recompute;
    LlamaOptions options = options_;
    options.rows = rows;
    const auto plan = planMemory(smallConfig(), options, &ops_);
    EXPECT_TRUE(plan);
    return plan->totalBytes();
  }
  Result<Recompute> fitting(int64_t free, const std::vector<Recompute>& allowed = kAuto) {
    free_ = free;
    return fittingRecompute(smallConfig(), options_, allowed, ops_);
  }

  inline static const std::vector<Recompute> kAuto = {Recompute::kNorms, Recompute::kBlocks};
  inline static int64_t free_ = 0;
  Z2Ops ops_ = {};
  LlamaOptions options_ = {.rows = 4, .columns = 32};
};

TEST_F(MemoryFit, TakesTheFastestThatFits) {
  const int64_t norms = bytesWith(Recompute::kNorms), blocks = bytesWith(Recompute::kBlocks);
  ASSERT_LT(blocks, norms);
  EXPECT_EQ(*fitting(norms), Recompute::kNorms);
  EXPECT_EQ(*fitting(norms - 1), Recompute::kBlocks);
  EXPECT_EQ(*fitting(blocks), Recompute::kBlocks);
  EXPECT_FALSE(fitting(blocks - 1));
  EXPECT_FALSE(fitting(norms - 1, {Recompute::kNorms}));
}

TEST_F(MemoryFit, ARefusalTellsThePartsAndTheLargestMicroBatch) {
  const auto refused = fitting(bytesWith(Recompute::kBlocks, 3));
  ASSERT_FALSE(refused);
  const std::string text = refused.error().text();
  EXPECT_NE(text.find("a small GPU"), std::string::npos) << text;
  EXPECT_NE(text.find("activations"), std::string::npos) << text;
  EXPECT_NE(text.find("optimizer"), std::string::npos) << text;
  EXPECT_NE(text.find("train.micro_batch_size=3"), std::string::npos) << text;
  const auto none = fitting(1000);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().text().find("Not even one sequence fits"), std::string::npos);
}

TEST(RecomputesOf, AutoIsNormsThenBlocks) {
  const auto with = [](const char* wish) {
    const auto config =
        RunConfig::make(Task::kPretrain, Json{{"train.recompute", wish}, {"tokenizer.path", "t"}});
    EXPECT_TRUE(config) << config.error().text();
    return recomputesOf(*config);
  };
  EXPECT_EQ(with("auto"), (std::vector{Recompute::kNorms, Recompute::kBlocks}));
  EXPECT_EQ(with("blocks"), std::vector{Recompute::kBlocks});
  EXPECT_EQ(with("none"), std::vector{Recompute::kNone});
}

}  // namespace
}  // namespace z2
