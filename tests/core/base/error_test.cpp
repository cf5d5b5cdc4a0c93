#include "core/base/error.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace z2 {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return badInput("value", "it is odd", "Give an even one");
  return value / 2;
}

Result<int> quarter(int value) {
  Z2_TRY(const int once, half(value));
  return half(once);
}

TEST(Error, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  ASSERT_FALSE(quarter(6).has_value());
  EXPECT_EQ(quarter(6).error().text(), "value: it is odd. Give an even one");
}

TEST(Error, ExitStatusesAreTheDocumentedOnes) {
  EXPECT_EQ(exitStatus(ErrorCode::kUsage), 2);
  EXPECT_EQ(exitStatus(ErrorCode::kBadInput), 3);
  EXPECT_EQ(exitStatus(ErrorCode::kCorrupt), 3);
  EXPECT_EQ(exitStatus(ErrorCode::kEnvironment), 4);
  EXPECT_EQ(exitStatus(ErrorCode::kInterrupted), 5);
}

TEST(Error, AFullDiskSaysWhatToDo) {
  const Error error = systemError(ENOSPC, "writing", "/data/x.bin").value();
  EXPECT_EQ(error.where, "/data/x.bin");
  EXPECT_NE(error.fix.find("Free some space"), std::string::npos);
}

}  // namespace
}  // namespace z2
