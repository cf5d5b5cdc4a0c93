#include "kernels/cuda/tuning_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace z2::cuda {
namespace {

namespace fs = std::filesystem;

class TuningFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("tuning_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    ::setenv("Z2_TUNING", folder_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("Z2_TUNING");
    fs::remove_all(folder_);
  }
  fs::path folder_;
};

TEST_F(TuningFileTest, TheFirstChoiceCountsForEveryProcess) {
  const TuningFile one = TuningFile::open("NVIDIA H100 80GB/HBM3", 130100);
  const TuningFile other = TuningFile::open("NVIDIA H100 80GB/HBM3", 130100);
  ASSERT_TRUE(one.isOn()) << one.description();
  EXPECT_FALSE(one.find("a"));
  EXPECT_EQ(one.settle("a", {{1, 0xab, 255}, 10.5, 12}).algorithm[1], 0xab);
  const TunedAlgorithm there = other.settle("a", {{9}, 1, 1});
  EXPECT_EQ(there.algorithm, (std::vector<uint8_t>{1, 0xab, 255}));
  EXPECT_EQ(there.microseconds, 10.5);
  EXPECT_FALSE(other.find("b"));
}

TEST_F(TuningFileTest, AnotherDeviceOrLibraryHasAFileOfItsOwn) {
  const TuningFile one = TuningFile::open("GPU", 1);
  one.settle("a", {{1}, 1, 1});
  EXPECT_FALSE(TuningFile::open("GPU", 2).find("a"));
  EXPECT_FALSE(TuningFile::open("Other", 1).find("a"));
  EXPECT_TRUE(TuningFile::open("GPU", 1).find("a"));
}

TEST_F(TuningFileTest, DamagedLinesArePassedOver) {
  const TuningFile file = TuningFile::open("GPU", 1);
  std::ofstream(file.description()) << "a 0g 1 1\na 1\n\na 012 1 1\nb 07 2 3\na 05 2 3\na 06 2";
  EXPECT_EQ(file.find("a")->algorithm, std::vector<uint8_t>{5});
  EXPECT_EQ(file.find("b")->algorithm, std::vector<uint8_t>{7});
  file.settle("c", {{8}, 1, 1});
  EXPECT_TRUE(file.find("c"));
}

TEST_F(TuningFileTest, IsOffWhenAskedOrWhereItCannotWrite) {
  ::setenv("Z2_TUNING", "off", 1);
  EXPECT_FALSE(TuningFile::open("GPU", 1).isOn());
  ::setenv("Z2_TUNING", "/proc/nowhere", 1);
  const TuningFile file = TuningFile::open("GPU", 1);
  EXPECT_FALSE(file.isOn());
  EXPECT_NE(file.description().find("/proc/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace z2::cuda
