#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/records/record_format.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

const std::filesystem::path kPoems =
    std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/data/fixtures/poems.parquet";

Result<std::vector<Json>> rowsFrom(const std::filesystem::path& path, uint64_t row = 0) {
  RecordPosition from;
  from.offset = from.record = row;
  from.line = row + 1;
  Z2_TRY(const auto reader, openRecords(path, RecordFormat::kParquet, TextUnit::kLine, from));
  std::vector<Json> rows;
  RecordBlock block;
  while (true) {
    Z2_TRY(const bool isThere, reader->next(block));
    if (!isThere) return rows;
    for (const auto& record : block.records) {
      EXPECT_EQ(record.line, row + rows.size() + 1);
      Z2_TRY(Json json, parseJson(block.text(record), "row"));
      rows.push_back(std::move(json));
    }
  }
}

TEST(Parquet, RowsOfAllGroupsBecomeJson) {
  const auto rows = rowsFrom(kPoems);
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_EQ(rows->size(), 600U);
  for (const size_t i : {0U, 249U, 250U, 599U}) {
    const Json& row = (*rows)[i];
    EXPECT_EQ(row["title"], "题 " + std::to_string(i));
    EXPECT_EQ(row["author"], i % 2 == 1 ? "李白" : "杜甫");
    if (i % 100 == 99)
      EXPECT_TRUE(row["lines"].is_null());
    else
      EXPECT_EQ(row["lines"][0], "line " + std::to_string(i) + "\n\"a\"");
    EXPECT_EQ(row["year"].is_null(), i % 3 == 0);
    EXPECT_EQ(row["score"], static_cast<double>(i) / 4);
  }
}

TEST(Parquet, ReadingGoesOnFromAnyRow) {
  const auto whole = rowsFrom(kPoems).value();
  for (const size_t row : {1U, 249U, 250U, 251U, 599U, 600U}) {
    const auto rest = rowsFrom(kPoems, row);
    ASSERT_TRUE(rest) << row << ": " << rest.error().text();
    EXPECT_EQ(*rest,
              std::vector<Json>(whole.begin() + static_cast<std::ptrdiff_t>(row), whole.end()));
  }
}

TEST(Parquet, DamagedFilesAreRefusedOrReadButNeverCrash) {
  const TemporaryFolder folder;
  const std::string good = readFile(kPoems).value();
  const auto path = folder.path() / "bad.parquet";
  for (size_t size = 0; size < good.size(); size += 97) {
    ASSERT_TRUE(replaceFile(path, good.substr(0, size)));
    EXPECT_FALSE(rowsFrom(path)) << size;
  }
  std::string lying = good;
  lying[lying.size() - 5] = '\x7f';
  ASSERT_TRUE(replaceFile(path, lying));
  const auto refused = rowsFrom(path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kBadInput);
}

}  // namespace
}  // namespace z2
