#include "core/run_import/event_file.h"

#include <cmath>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/crc32c.h"
#include "core/io/files.h"
#include "core/io/tf_record.h"
#include "core/io/wire_format.h"

// Files by torch, tensorboardX and tensorboard themselves: tests/oracle/make_event_files.py.

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string golden(const std::string& name) {
  return readFile(fs::path(Z2_SOURCE_DIR) / "tests/core/run_import/data" / name).value();
}
constexpr const char* kTorch = "events.out.tfevents.1700000000.torch";

TEST(Crc32c, FitsPublishedVectors) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(EventFile, TakesWhatTorchWrote) {
  const EventFile file = readEventFile(golden(kTorch), "f", false).value();
  EXPECT_THAT(file.tags, ElementsAre("train/loss", "train/learning_rate", "eval/loss"));
  ASSERT_EQ(file.scalars.size(), 11U);
  EXPECT_EQ(file.scalars[0].value, 5.25);
  EXPECT_EQ(file.scalars[0].step, 1);
  EXPECT_EQ(file.scalars[0].time, 1'700'000'010.0);
  EXPECT_EQ(file.scalars[1].time, 1'700'000'010.125);
  EXPECT_EQ(static_cast<float>(file.scalars[1].value), 1e-4F);
  EXPECT_TRUE(std::isnan(file.scalars[10].value));
  ASSERT_EQ(file.texts.size(), 1U);
  EXPECT_EQ(file.texts[0].text, "hello");
  EXPECT_EQ(file.other.at("histograms: weights"), 1U);
  EXPECT_EQ(file.tornBytes, 0U);
}

TEST(EventFile, TakesScalarsThatAreTensors) {
  const EventFile file = readEventFile(golden("tensors.tfevents"), "f", false).value();
  EXPECT_THAT(file.tags, ElementsAre("accuracy"));
  ASSERT_EQ(file.scalars.size(), 3U);
  EXPECT_EQ(file.scalars[2].value, 0.75);
  EXPECT_EQ(file.scalars[2].step, 2);
}

// One event of a tensor of one element.
EventFile withTensor(uint64_t type, uint32_t field, const std::string& bytes) {
  WireWriter tensor;
  tensor.putVarint(1, type);
  tensor.putBytes(field, bytes);
  WireWriter value;
  value.putBytes(1, "a");
  value.putBytes(8, tensor.take());
  WireWriter summary;
  summary.putBytes(1, value.take());
  WireWriter event;
  event.putBytes(5, summary.take());
  std::string file;
  appendTfRecord(file, event.take());
  return readEventFile(file, "f", false).value();
}

TEST(EventFile, TakesEveryTypeOfNumber) {
  const auto number = [](uint64_t type, uint32_t field, const std::string& bytes) {
    const EventFile file = withTensor(type, field, bytes);
    return file.scalars.size() == 1 ? file.scalars[0].value : std::nan("");
  };
  const std::string one64("\0\0\0\0\0\0\xF0\x3F", 8);
  EXPECT_EQ(number(2, 4, one64), 1.0);
  EXPECT_EQ(number(2, 6, one64), 1.0);
  EXPECT_EQ(number(14, 4, std::string("\x80\x3F", 2)), 1.0);
  EXPECT_EQ(number(19, 4, std::string("\x00\x3E", 2)), 1.5);
  EXPECT_EQ(number(19, 4, std::string("\x01\x00", 2)), std::ldexp(1.0, -24));
  EXPECT_EQ(number(9, 10, "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), -2.0);
  EXPECT_EQ(number(3, 7, "\x05"), 5.0);
  // Two elements are no scalar, and neither is half a number.
  EXPECT_TRUE(std::isnan(number(3, 7, "\x05\x06")));
  EXPECT_TRUE(std::isnan(number(3, 7, "\x85")));
  EXPECT_TRUE(std::isnan(number(2, 4, "\x01")));
}

TEST(EventFile, ATornEndIsFineAndDamageIsNot) {
  const std::string whole = golden(kTorch);
  const size_t all = readEventFile(whole, "f", false)->scalars.size();
  for (size_t size = 0; size < whole.size(); size += 7) {
    const auto file = readEventFile(whole.substr(0, size), "f", false);
    ASSERT_TRUE(file) << size;
    EXPECT_LE(file->scalars.size(), all);
  }
  // Every flipped bit is found; in a length it must not look like a torn end.
  for (size_t at = 0; at < whole.size(); at += 5) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    const auto file = readEventFile(damaged, "f", false);
    ASSERT_FALSE(file) << at;
    EXPECT_EQ(file.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(file.error().text(), HasSubstr("the record at byte "));
  }
}

TEST(EventFile, DamageCanBePassedOver) {
  std::string damaged = golden("tensors.tfevents");
  damaged[damaged.size() - 20] ^= 1;
  const EventFile file = readEventFile(damaged, "f", true).value();
  EXPECT_EQ(file.scalars.size(), 2U);
  EXPECT_THAT(file.damage, HasSubstr("damaged"));
}

TEST(EventFile, AMessageThatIsNoEventIsNamed) {
  std::string file;
  appendTfRecord(file, "\x2A\xFF\x7F");
  EXPECT_THAT(readEventFile(file, "f", false).error().text(), HasSubstr("byte 0 is no event"));
}

}  // namespace
}  // namespace z2
