#include "core/data/token_index.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

constexpr size_t kSequences = 3;
constexpr size_t kLengthsAt = TokenIndex::kHeaderBytes;
constexpr size_t kOffsetsAt = kLengthsAt + kSequences * 4;
constexpr size_t kDocumentsAt = kOffsetsAt + kSequences * 8;
constexpr uint64_t kBinBytes = 12;

std::string goodIndex() {
  const TemporaryFolder folder;
  writeTokenFile(folder.path() / "a", {{1, 2}, {3}, {4, 5, 6}});
  return readFile(folder.path() / "a.idx").value();
}

Result<TokenIndex> parse(const std::string& bytes, uint64_t binBytes = kBinBytes) {
  return TokenIndex::parse(std::as_bytes(std::span(bytes)), binBytes, "a.idx");
}

template <typename T>
std::string with(std::string bytes, size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof(value));
  return bytes;
}

TEST(TokenIndex, ReadsWhatMegatronWrites) {
  const std::string bytes = goodIndex();
  EXPECT_EQ(bytes.size(), kDocumentsAt + (kSequences + 1) * 8);
  const auto index = parse(bytes);
  ASSERT_TRUE(index) << index.error().text();
  EXPECT_EQ(index->sequences(), 3U);
  EXPECT_EQ(index->documentStart(2), 3U);
  EXPECT_EQ(index->documentTokens(2), 3U);
  EXPECT_TRUE(parse(bytes + std::string(kSequences, '\1'))) << "modes are allowed";
}

TEST(TokenIndex, SeveralSequencesMakeADocument) {
  std::string bytes = goodIndex();
  bytes = with(bytes, 26, uint64_t{2});
  bytes = with(bytes, kDocumentsAt + 8, uint64_t{3}).substr(0, bytes.size() - 16);
  const auto index = parse(bytes);
  ASSERT_TRUE(index) << index.error().text();
  EXPECT_EQ(index->documents(), 1U);
  EXPECT_EQ(index->documentTokens(0), 6U);
}

TEST(TokenIndex, EveryTruncationIsFound) {
  const std::string bytes = goodIndex();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse(bytes.substr(0, size))) << size;
  EXPECT_FALSE(parse(bytes + "x"));
}

// But for a border between documents that moves to another sequence: only the manifest's checksum
// knows that.
TEST(TokenIndex, EveryFlippedBitIsFound) {
  const std::string bytes = goodIndex();
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool isInnerBorder = i >= kDocumentsAt + 8 && i < bytes.size() - 8;
    for (int bit = isInnerBorder && (i - kDocumentsAt) % 8 == 0 ? 2 : 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(parse(flipped)) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(TokenIndex, LyingCountsAndLengthsAreFound) {
  const std::string bytes = goodIndex();
  const uint64_t huge = std::numeric_limits<uint64_t>::max();
  EXPECT_FALSE(parse(with(bytes, 18, huge)));
  EXPECT_FALSE(parse(with(bytes, 18, huge / 12 + 1)));
  EXPECT_FALSE(parse(with(bytes, 26, huge)));
  EXPECT_FALSE(parse(with(bytes, 26, huge / 8 + 1)));
  EXPECT_FALSE(parse(with(bytes, 26, uint64_t{0})));
  EXPECT_FALSE(parse(with(bytes, kLengthsAt, std::numeric_limits<int32_t>::max())));
  EXPECT_FALSE(parse(with(bytes, kLengthsAt, int32_t{-1})));
  EXPECT_FALSE(parse(with(bytes, kOffsetsAt + 8, huge)));
  EXPECT_FALSE(parse(with(bytes, kDocumentsAt, uint64_t{1})));
  EXPECT_FALSE(parse(with(bytes, kDocumentsAt + 16, uint64_t{0})));
  EXPECT_FALSE(parse(bytes, kBinBytes - 2));
  EXPECT_FALSE(parse(bytes, kBinBytes + 2));
  EXPECT_FALSE(parse(bytes, kBinBytes - 1));
}

TEST(TokenIndex, ErrorsSayWhere) {
  const auto error = parse(with(goodIndex(), kLengthsAt + 8, int32_t{9}));
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error().where, "a.idx");
  EXPECT_NE(error.error().what.find("sequence 2"), std::string::npos);
}

}  // namespace
}  // namespace z2
