#include "core/data/token_file.h"

#include <cstdint>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/checksum.h"
#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

std::vector<int32_t> documentOf(const TokenFile& file, uint64_t i) {
  std::vector<int32_t> ids(file.index().documentTokens(i));
  file.read(file.index().documentStart(i), ids);
  return ids;
}

TEST(TokenFile, RoundTripsBothTypes) {
  for (const int64_t vocab : {int64_t{65'499}, int64_t{65'500}, int64_t{2'000'000}}) {
    const TemporaryFolder folder;
    const auto top = static_cast<int32_t>(vocab - 1);
    const std::vector<std::vector<int32_t>> documents = {{1, 2, top}, {}, {0}, {5, 5}};
    writeTokenFile(folder.path() / "a", documents, vocab);
    const auto file = TokenFile::open(folder.path() / "a");
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->index().type(), vocab < 65'500 ? TokenType::kUint16 : TokenType::kInt32);
    ASSERT_EQ(file->index().documents(), documents.size());
    EXPECT_EQ(file->index().tokens(), 6U);
    for (uint64_t i = 0; i < documents.size(); ++i) EXPECT_EQ(documentOf(*file, i), documents[i]);
    EXPECT_EQ(file->index().documentAt(2), 0U);
    EXPECT_EQ(file->index().documentAt(3), 2U);
    EXPECT_EQ(file->index().documentAt(5), 3U);
  }
}

TEST(TokenFile, TheManifestDescribesTheFiles) {
  const TemporaryFolder folder;
  const auto prefix = folder.path() / "v1.2";
  writeTokenFile(prefix, {{1, 2, 3}, {4}});
  const auto manifest = DataManifest::read(prefix).value().value();
  EXPECT_EQ(manifest.documents, 2U);
  EXPECT_EQ(manifest.tokens, 4U);
  EXPECT_EQ(manifest.files.at(".bin").bytes, 8U);
  EXPECT_EQ(manifest.files.at(".idx").xxh3, checksumOfFile(withSuffix(prefix, ".idx")).value());
  EXPECT_FALSE(DataManifest::read(folder.path() / "none").value().has_value());
}

TEST(TokenFile, NothingIsLeftButTheResult) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", {{1}});
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 3);
}

TEST(TokenFile, AWriterGoesOnFromASyncedState) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "whole", {{1, 2}, {3}, {4, 5, 6}});
  TokenFileWriter::State state;
  {
    auto writer = TokenFileWriter::create(folder.path() / "cut", TokenType::kUint16).value();
    ASSERT_TRUE(writer.append(std::vector<int32_t>{1, 2}));
    ASSERT_TRUE(writer.sync());
    state = writer.state();
    ASSERT_TRUE(writer.append(std::vector<int32_t>{9, 9, 9}));
    ASSERT_TRUE(writer.sync());
  }
  auto writer = TokenFileWriter::reopen(folder.path() / "cut", TokenType::kUint16, state).value();
  ASSERT_TRUE(writer.append(std::vector<int32_t>{3}));
  ASSERT_TRUE(writer.append(std::vector<int32_t>{4, 5, 6}));
  ASSERT_TRUE(writer.commit({}));
  for (const char* suffix : {".bin", ".idx"})
    EXPECT_EQ(readFile(withSuffix(folder.path() / "cut", suffix)).value(),
              readFile(withSuffix(folder.path() / "whole", suffix)).value());
}

TEST(TokenFile, AnUnfinishedFileShorterThanItsStateIsRefused) {
  const TemporaryFolder folder;
  {
    auto writer = TokenFileWriter::create(folder.path() / "a", TokenType::kUint16).value();
    ASSERT_TRUE(writer.append(std::vector<int32_t>{1, 2}));
    ASSERT_TRUE(writer.sync());
  }
  EXPECT_FALSE(TokenFileWriter::reopen(folder.path() / "a", TokenType::kUint16, {1, 3}));
  EXPECT_FALSE(TokenFileWriter::reopen(folder.path() / "b", TokenType::kUint16, {1, 1}));
}

TEST(TokenFile, AMaskOfTheWrongSizeIsRefused) {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", {{1, 2, 3}});
  EXPECT_FALSE(TokenFile::open(folder.path() / "a", TokenFile::Mask::kRequired));
  ASSERT_TRUE(replaceFile(folder.path() / "a.mask", "\1\1"));
  const auto wrong = TokenFile::open(folder.path() / "a", TokenFile::Mask::kRequired);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace z2
