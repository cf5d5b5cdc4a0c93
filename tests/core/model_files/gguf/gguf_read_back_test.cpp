// What was written as GGUF comes back as the model's tensors; a damaged file is named.

#include <cmath>

#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/model_files/gguf/gguf_export.h"
#include "core/model_files/gguf/gguf_reader.h"
#include "tests/core/model_files/gguf/small_config.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

// Differs from tensor to tensor and from element to element.
Result<void> wave(const HfTensor& tensor, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = std::sin(static_cast<float>(i) * 0.37F + static_cast<float>(tensor.offset));
  return {};
}

class GgufReadBack : public ::testing::TestWithParam<GgmlType> {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "small.gguf"; }
  void write(GgmlType type) {
    const auto done = writeGguf(file(), config_, wave, {.type = type, .name = "small"});
    ASSERT_TRUE(done) << done.error().text();
  }

  TemporaryFolder folder_;
  HfConfig config_ = smallGgufConfig(2);
};

TEST_P(GgufReadBack, EveryTensorComesBack) {
  write(GetParam());
  const auto reader = GgufReader::open(file());
  ASSERT_TRUE(reader) << reader.error().text();
  const float allowed = GetParam() == GgmlType::kF32 ? 0 : 0.005F;
  const ParameterLayout layout(config_.model, INT64_MAX);
  for (const HfTensor& tensor : layout.hfTensors()) {
    std::vector<float> before(static_cast<size_t>(tensor.size));
    std::vector<float> after(before.size());
    ASSERT_TRUE(wave(tensor, before));
    const auto read = reader->read(tensor, config_.model, after);
    ASSERT_TRUE(read) << read.error().text();
    for (size_t i = 0; i < before.size(); ++i)
      ASSERT_NEAR(before[i], after[i], allowed) << tensor.name << " " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, GgufReadBack,
                         ::testing::Values(GgmlType::kF32, GgmlType::kF16, GgmlType::kBF16,
                                           GgmlType::kQ8_0));

using GgufDamage = GgufReadBack;

TEST_P(GgufDamage, AFileThatEndsTooEarlyIsNamed) {
  write(GetParam());
  const std::string whole = readFile(file()).value();
  for (const size_t size : {size_t{0}, size_t{3}, size_t{20}, size_t{200}, whole.size() - 40}) {
    ASSERT_TRUE(replaceFile(file(), whole.substr(0, size)));
    const auto reader = GgufReader::open(file());
    ASSERT_FALSE(reader) << size;
    EXPECT_EQ(reader.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(reader.error().where, file().native());
  }
}

INSTANTIATE_TEST_SUITE_P(Types, GgufDamage, ::testing::Values(GgmlType::kF16));

}  // namespace
}  // namespace z2
