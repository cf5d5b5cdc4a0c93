#include "core/run/workspace.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

class WorkspaceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("Z2_WORKSPACE");
    ::setenv("HOME", folder_.path().c_str(), 1);
  }
  void TearDown() override { ::unsetenv("Z2_WORKSPACE"); }

  TemporaryFolder folder_;
};

TEST_F(WorkspaceTest, IsWhatWasGivenThenTheEnvironmentsThenTheHomes) {
  EXPECT_EQ(Workspace::choose().folder(), folder_.path() / "Zero2All");
  ::setenv("Z2_WORKSPACE", "", 1);
  EXPECT_EQ(Workspace::choose().folder(), folder_.path() / "Zero2All");
  ::setenv("Z2_WORKSPACE", "/somewhere/./else", 1);
  EXPECT_EQ(Workspace::choose().folder(), "/somewhere/else");
  EXPECT_EQ(Workspace::choose("/given").folder(), "/given");
}

TEST_F(WorkspaceTest, ARelativeFolderBecomesAbsolute) {
  EXPECT_EQ(Workspace::choose("here").folder(), fs::current_path() / "here");
}

TEST_F(WorkspaceTest, MakesItsFoldersOnce) {
  const Workspace workspace = Workspace::choose();
  ASSERT_TRUE(workspace.make());
  for (const fs::path& path :
       {workspace.runs(), workspace.data(), workspace.tokenizers(), workspace.models()})
    EXPECT_TRUE(fs::is_directory(path)) << path;
  std::ofstream(workspace.data() / "kept") << "text";
  ASSERT_TRUE(workspace.make());
  EXPECT_TRUE(fs::exists(workspace.data() / "kept"));
}

TEST_F(WorkspaceTest, NamesTheFolderThatCannotBeMade) {
  std::ofstream(folder_.path() / "file") << "text";
  const auto made = Workspace(folder_.path() / "file").make();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kEnvironment);
  EXPECT_EQ(made.error().where, (folder_.path() / "file").native());
}

}  // namespace
}  // namespace z2
