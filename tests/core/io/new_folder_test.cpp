#include "core/io/new_folder.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

class FillFolder : public ::testing::Test {
 protected:
  [[nodiscard]] auto entries() const {
    return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator());
  }
  TemporaryFolder folder_;
  fs::path place_ = folder_.path() / "made";
};

TEST_F(FillFolder, IsThereWholeOrNotAtAll) {
  const auto failed = fillFolder(place_, [](const fs::path& folder) -> Result<void> {
    Z2_TRY_VOID(replaceFile(folder / "small", "1"));
    return environmentError(folder.native(), "the disk is full");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(entries(), 0);

  const auto done = fillFolder(place_, [&](const fs::path& folder) -> Result<void> {
    EXPECT_NE(folder, place_);
    EXPECT_FALSE(fs::exists(place_));
    return replaceFile(folder / "small", "1");
  });
  EXPECT_TRUE(done);
  EXPECT_TRUE(fs::exists(place_ / "small"));
  EXPECT_EQ(entries(), 1);
}

TEST_F(FillFolder, KeepsWhatIsThere) {
  ASSERT_TRUE(makeFolders(place_));
  ASSERT_TRUE(replaceFile(place_ / "mine", "2"));
  ASSERT_TRUE(fillFolder(
      place_, [](const fs::path& folder) { return replaceFile(folder / "small", "1"); }));
  EXPECT_EQ(readFile(place_ / "mine").value(), "2");
  EXPECT_EQ(readFile(place_ / "small").value(), "1");
}

}  // namespace
}  // namespace z2
