#include "core/io/files.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

TEST(Files, ReplaceLeavesOnlyTheNewFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "status.json";
  ASSERT_TRUE(replaceFile(path, "old"));
  ASSERT_TRUE(replaceFile(path, "new"));
  EXPECT_EQ(readFile(path).value(), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, AMissingFileIsBadInput) {
  const auto missing = readFile("/nowhere/at/all");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kBadInput);
}

TEST(Files, MapsEmptyAndFullFiles) {
  const TemporaryFolder folder;
  ASSERT_TRUE(replaceFile(folder.path() / "empty", ""));
  ASSERT_TRUE(replaceFile(folder.path() / "full", "0123"));
  EXPECT_TRUE(MappedFile::open(folder.path() / "empty")->bytes().empty());
  EXPECT_EQ(MappedFile::open(folder.path() / "full")->text(), "0123");
}

TEST(Files, AFileOverTheLimitIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(replaceFile(folder.path() / "x", "0123"));
  EXPECT_FALSE(readFile(folder.path() / "x", 3));
}

}  // namespace
}  // namespace z2
