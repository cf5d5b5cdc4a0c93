#include "core/data/length_histogram.h"

#include <gtest/gtest.h>

#include "core/data/token_file.h"
#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

TEST(LengthHistogram, CountsDocumentsInDoublingBuckets) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", numberedDocuments({2, 3, 3, 16, 17, 31}));
  const auto file = TokenFile::open(folder.path() / "a");
  ASSERT_TRUE(file) << file.error().text();
  const auto buckets = lengthHistogram(file->index());
  ASSERT_EQ(buckets.size(), 4U);
  EXPECT_EQ(buckets[0].from, 2U);
  EXPECT_EQ(buckets[0].to, 3U);
  EXPECT_EQ(buckets[0].documents, 3U);
  EXPECT_EQ(buckets[1].documents, 0U);
  EXPECT_EQ(buckets[3].from, 16U);
  EXPECT_EQ(buckets[3].to, 31U);
  EXPECT_EQ(buckets[3].documents, 3U);
}

}  // namespace
}  // namespace z2
