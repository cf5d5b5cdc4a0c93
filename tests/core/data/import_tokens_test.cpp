#include "core/data/import/import_tokens.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/token_file.h"
#include "tests/core/data/token_files.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

template <typename T>
std::string bytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string llmC(int32_t magic, int32_t version, int32_t count, const std::string& tokens) {
  std::vector<int32_t> header(256);
  header[0] = magic;
  header[1] = version;
  header[2] = count;
  return bytesOf(header) + tokens;
}

class ImportTokensTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& content) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(replaceFile(path, content));
    return path;
  }
  Result<DataManifest> import(std::vector<std::filesystem::path> files, ForeignFormat format,
                              std::optional<int32_t> endOfText = std::nullopt,
                              int64_t vocabSize = 0) {
    ImportOptions options;
    options.files = std::move(files);
    options.format = format;
    options.output = folder_.path() / "out";
    options.endOfText = endOfText;
    options.vocabSize = vocabSize;
    options.isOverwriting = true;
    return importTokens(options);
  }
  std::vector<std::vector<int32_t>> documents() {
    const auto file = TokenFile::open(folder_.path() / "out").value();
    std::vector<std::vector<int32_t>> all;
    for (uint64_t i = 0; i < file.index().documents(); ++i) {
      all.emplace_back(file.index().documentTokens(i));
      file.read(file.index().documentStart(i), all.back());
    }
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(ImportTokensTest, HeaderlessFilesWithTheirSampleIndex) {
  const auto a = write("a.bin", bytesOf<uint16_t>({1, 2, 0, 3, 4}));
  const auto b = write("b.bin", "");
  const auto c = write("c.bin", bytesOf<uint16_t>({5, 0, 6}));
  const auto index = write("s.ibin", bytesOf<uint32_t>({0, 0, 0, 3, 2, 1}));
  const auto manifest = import({a, b, c, index}, ForeignFormat::kSampleIndex, 0);
  ASSERT_TRUE(manifest) << manifest.error().text();
  EXPECT_EQ(documents(), (std::vector<std::vector<int32_t>>{{1, 2, 0}, {3, 4}, {5, 0}, {6}}));
  EXPECT_EQ(manifest->vocabSize, 7);
  ASSERT_TRUE(import({a, b, c}, ForeignFormat::kSampleIndex));
  EXPECT_EQ(documents(), (std::vector<std::vector<int32_t>>{{1, 2, 0, 3, 4}, {5, 0, 6}}));
}

TEST_F(ImportTokensTest, ASampleIndexOfOtherFilesIsRefused) {
  const auto a = write("a.bin", bytesOf<uint16_t>({1, 2, 0, 3, 4}));
  const auto c = write("c.bin", bytesOf<uint16_t>({5, 0, 6}));
  const auto good = write("s.ibin", bytesOf<uint32_t>({0, 0, 0, 3, 1, 1}));
  EXPECT_TRUE(import({a, c, good}, ForeignFormat::kSampleIndex));
  EXPECT_FALSE(import({c, a, good}, ForeignFormat::kSampleIndex)) << "another order";
  for (const auto& pairs : std::vector<std::vector<uint32_t>>{
           {0, 1}, {0, 0, 0, 5}, {0, 0, 2, 0}, {0, 0, 0, 3, 1, 2}, {0, 0, 0, 0}, {0}})
    EXPECT_FALSE(import({a, c, write("bad.ibin", bytesOf(pairs))}, ForeignFormat::kSampleIndex));
}

TEST_F(ImportTokensTest, LlmCFilesOfBothVersions) {
  const auto narrow = write("a.bin", llmC(20240520, 1, 3, bytesOf<uint16_t>({9, 1, 2})));
  ASSERT_TRUE(import({narrow}, ForeignFormat::kLlmC, 9));
  EXPECT_EQ(documents(), (std::vector<std::vector<int32_t>>{{9}, {1, 2}}));
  const auto wide = write("b.bin", llmC(20240801, 7, 2, bytesOf<uint32_t>({100'000, 1})));
  ASSERT_TRUE(import({wide}, ForeignFormat::kLlmC));
  EXPECT_EQ(documents(), (std::vector<std::vector<int32_t>>{{100'000, 1}}));
}

TEST_F(ImportTokensTest, LyingLlmCHeadersAreRefused) {
  const std::string tokens = bytesOf<uint16_t>({9, 1, 2});
  for (const std::string& content :
       {llmC(20240520, 1, 4, tokens), llmC(20240520, 1, 2, tokens), llmC(20240520, 1, -1, tokens),
        llmC(20240520, 2, 3, tokens), llmC(1, 1, 3, tokens), std::string("short"),
        llmC(20240801, 7, 3, tokens)})
    EXPECT_FALSE(import({write("a.bin", content)}, ForeignFormat::kLlmC));
}

TEST_F(ImportTokensTest, MegatronIsCheckedAndIndexedAgain) {
  writeTokenFile(folder_.path() / "in", {{1, 2}, {}, {3}});
  ASSERT_TRUE(import({folder_.path() / "in"}, ForeignFormat::kMegatron));
  EXPECT_EQ(documents(), (std::vector<std::vector<int32_t>>{{1, 2}, {}, {3}}));
  ASSERT_TRUE(import({folder_.path() / "in.bin"}, ForeignFormat::kMegatron));
  write("in.bin", "xx");
  EXPECT_FALSE(import({folder_.path() / "in"}, ForeignFormat::kMegatron));
}

TEST_F(ImportTokensTest, IdsOutsideOfTheVocabularyAreNamedAndNothingIsWritten) {
  const auto a = write("a.bin", bytesOf<uint16_t>({1, 2, 700, 3}));
  const auto outcome = import({a}, ForeignFormat::kSampleIndex, std::nullopt, 700);
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().what.find("token 2 is id 700"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

}  // namespace
}  // namespace z2
