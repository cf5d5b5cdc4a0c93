#include "core/base/libtorch_location.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

class LibTorchLocationTest : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv("Z2_LIBTORCH"); }
  void TearDown() override { ::unsetenv("Z2_LIBTORCH"); }

  // A folder shaped as the wheel's torch package.
  void makePackage(const std::filesystem::path& package, const std::string& version) {
    ASSERT_TRUE(makeFolders(package / "lib"));
    ASSERT_TRUE(replaceFile(package / "lib" / "libtorch_cpu.so", "x"));
    ASSERT_TRUE(replaceFile(package / "version.py", "__version__ = '" + version + "+cu130'\n"));
  }

  TemporaryFolder folder_;
};

TEST_F(LibTorchLocationTest, TheChosenFolderWins) {
  makePackage(folder_.path() / "torch", "2.11.0");
  ::setenv("Z2_LIBTORCH", (folder_.path() / "torch").c_str(), 1);
  const auto found = findLibTorch(folder_.path());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, "Z2_LIBTORCH");
  EXPECT_EQ(found->version, "2.11.0");
  EXPECT_EQ(found->libraries, folder_.path() / "torch" / "lib");
}

TEST_F(LibTorchLocationTest, AWrongChoiceIsAnErrorAndNotPassedOver) {
  ::setenv("Z2_LIBTORCH", folder_.path().c_str(), 1);
  const auto found = findLibTorch(folder_.path());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().where, folder_.path().native());
}

TEST_F(LibTorchLocationTest, OneBesideTheProgramComesBeforeTheBuilds) {
  makePackage(folder_.path() / "libtorch" / "torch", "2.11.0");
  const auto found = findLibTorch(folder_.path());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, "beside the program");
}

TEST_F(LibTorchLocationTest, KnowsTheVersionOfTheBuild) {
  EXPECT_TRUE(builtLibTorchVersion().starts_with("2."));
}

}  // namespace
}  // namespace z2
