#include <set>

#include <gtest/gtest.h>

#include "kernels/bench/bench_kernels.h"
#include "kernels/cpu_ops.h"

namespace z2::test {
namespace {

TEST(BenchKernels, GivesARowForEveryKernelWithItsCeiling) {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    const auto rows = benchKernels(cpuOps(2), {.batch = 1,
                                               .length = 16,
                                               .hidden = 32,
                                               .heads = 2,
                                               .kvHeads = 1,
                                               .headSize = 16,
                                               .intermediate = 48,
                                               .vocabulary = 64,
                                               .type = type,
                                               .secondsPerKernel = 0.001});
    ASSERT_TRUE(rows.has_value()) << rows.error().text();
    std::set<std::string> names;
    for (const Json& row : *rows) {
      names.insert(row["name"].get<std::string>());
      EXPECT_NE(row.contains("gb_s"), row.contains("tflop_s"));
      EXPECT_GT(row["ms"].get<double>(), 0);
      EXPECT_GT(row["ceiling"].get<double>(), 0);
    }
    EXPECT_EQ(names.size(), rows->size());
    for (const char* name : {"rms_norm_backward", "attention_backward", "matmul_head_weight",
                             "cross_entropy", "adamw", "row_gate_up", "attention_step", "greedy"}) {
      EXPECT_TRUE(names.contains(name)) << name;
    }
  }
}

}  // namespace
}  // namespace z2::test
