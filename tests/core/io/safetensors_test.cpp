#include "core/io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

std::string withLength(std::string_view header, std::string_view data) {
  const uint64_t length = header.size();
  std::string file(sizeof(length), '\0');
  std::memcpy(file.data(), &length, sizeof(length));
  return file.append(header).append(data);
}

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Result<SafetensorsHeader> parse(const std::string& file) {
  return parseSafetensors(bytesOf(file), "x.safetensors");
}

struct Accepted {
  const char* label;
  std::string header;
  size_t dataSize;
  size_t tensors;
};

class SafetensorsAccepts : public ::testing::TestWithParam<Accepted> {};

TEST_P(SafetensorsAccepts, File) {
  const auto& [label, header, dataSize, tensors] = GetParam();
  const auto read = parse(withLength(header, std::string(dataSize, 'x')));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->entries.size(), tensors);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SafetensorsAccepts,
    ::testing::Values(
        Accepted{"Empty", "{}", 0, 0}, Accepted{"PaddedWithSpaces", "{}      ", 0, 0},
        Accepted{"MetadataOnly", R"({"__metadata__":{"format":"pt"}})", 0, 0},
        Accepted{"Scalar", R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4, 1},
        Accepted{"NoElements",
                 R"({"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},)"
                 R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
                 2, 2},
        Accepted{"AnyOrderInTheHeader",
                 R"({"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},)"
                 R"("a":{"shape":[1],"data_offsets":[0,4],"dtype":"F32"}})",
                 8, 2},
        Accepted{"RankEight",
                 R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,3],"data_offsets":[0,3]}})", 3, 1}),
    [](const auto& row) { return std::string(row.param.label); });

struct Refused {
  const char* label;
  std::string header;
  size_t dataSize;
  const char* reason;
};

class SafetensorsRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(SafetensorsRefuses, File) {
  const auto& [label, header, dataSize, reason] = GetParam();
  const auto read = parse(withLength(header, std::string(dataSize, 'x')));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kBadInput);
  EXPECT_EQ(read.error().where, "x.safetensors");
  EXPECT_THAT(read.error().what, HasSubstr(reason));
}

// One tensor named "a" of four F32 with these fields.
std::string one(std::string_view fields) { return "{\"a\":{" + std::string(fields) + "}}"; }

INSTANTIATE_TEST_SUITE_P(
    Table, SafetensorsRefuses,
    ::testing::Values(
        Refused{"AList", "[]", 0, "not a JSON object"},
        Refused{"LeadingSpace", " {}", 0, "not a JSON object"},
        Refused{"NotJson", "{\"a\"", 0, "not valid JSON"},
        Refused{"TextBehindTheObject", "{}{}", 0, "not valid JSON"},
        Refused{"BrokenUtf8", "{\"\xff\":{}}", 0, "not valid JSON"},
        Refused{"NotAnObjectAsTensor", R"({"a":5})", 0, "tensor \"a\" has a number"},
        Refused{"EmptyName", R"({"":{}})", 0, "no name"},
        Refused{"LongName", "{\"" + std::string(4097, 'n') + "\":{}}", 0, "longer than 4096"},
        Refused{"MetadataThatIsNoText", R"({"__metadata__":{"a":1}})", 0, "__metadata__"},
        Refused{"MetadataTwice", R"({"__metadata__":{"a":"1","a":"2"}})", 0, "\"a\" twice"},
        Refused{"NoType", one(R"("shape":[1],"data_offsets":[0,4])"), 4, "lacks"},
        Refused{"NoShape", one(R"("dtype":"F32","data_offsets":[0,4])"), 4, "lacks"},
        Refused{"NoOffsets", one(R"("dtype":"F32","shape":[1])"), 4, "lacks"},
        Refused{"UnknownType", one(R"("dtype":"F31","shape":[1],"data_offsets":[0,4])"), 4,
                "tensor \"a\" has the unknown type \"F31\""},
        Refused{"UnknownField", one(R"("dtype":"F32","shape":[1],"offsets":[0,4])"), 4,
                "unknown field \"offsets\""},
        Refused{"FieldTwice", one(R"("dtype":"F32","dtype":"F32","shape":[1])"), 4,
                "\"dtype\" twice"},
        Refused{"TensorTwice",
                R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                2, "tensor \"a\" is listed twice"},
        Refused{"RankNine", one(R"("dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1])"),
                1, "more than 8 dimensions"},
        Refused{"NegativeExtent", one(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), 4,
                "negative"},
        Refused{"FractionalExtent", one(R"("dtype":"F32","shape":[1.5],"data_offsets":[0,4])"), 4,
                "whole number"},
        Refused{"ExtentAbove64Bits",
                one(R"("dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4])"), 4,
                "whole number"},
        Refused{"ShapeOverflows",
                one(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])"), 0,
                "overflows"},
        Refused{"ShapeOverflowsBehindAZero",
                one(R"("dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0])"), 0,
                "overflows"},
        Refused{"NestedShape", one(R"("dtype":"F32","shape":[[1]],"data_offsets":[0,4])"), 4,
                "a list where"},
        Refused{"OneOffset", one(R"("dtype":"F32","shape":[1],"data_offsets":[4])"), 4,
                "two numbers"},
        Refused{"ThreeOffsets", one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,4])"), 4,
                "more than two"},
        Refused{"EndBeforeBegin", one(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"), 4,
                "ends before"},
        Refused{"SizeOfAnotherShape", one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), 4,
                "has 4 bytes where its shape and type need 8"},
        Refused{"CutShort", one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), 7,
                "cut short"},
        Refused{"BytesLeftOver", one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), 5,
                "1 bytes follow"},
        Refused{"HoleBefore", one(R"("dtype":"F32","shape":[1],"data_offsets":[1,5])"), 5,
                "left unused"},
        Refused{"HoleBetween",
                R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                3, "tensor \"b\" begins at byte 2 where 1 is due"},
        Refused{"Overlap",
                R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                3, "used twice"},
        Refused{"DeepNesting", "{\"a\":" + std::string(100'000, '['), 0, "a list where"},
        Refused{"OffsetsNear64Bits",
                one(R"("dtype":"U8","shape":[2],)"
                    R"("data_offsets":[18446744073709551613,18446744073709551615])"),
                2, "begins at byte"}),
    [](const auto& row) { return std::string(row.param.label); });

TEST(Safetensors, ChecksTheLengthOfTheHeader) {
  EXPECT_THAT(parse("abc").error().what, HasSubstr("too few"));
  EXPECT_THAT(parse(std::string(8, '\xff')).error().what, HasSubstr("at most 100000000"));
  std::string longer = withLength("{}", "");
  longer[0] = 3;
  EXPECT_THAT(parse(longer).error().what, HasSubstr("but the file has 10"));
}

TEST(Safetensors, EveryCutOfAGoodFileIsRefused) {
  const std::string whole =
      withLength(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "01234567");
  ASSERT_TRUE(parse(whole));
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse(whole.substr(0, size)));
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  const std::vector<float> first = {1.5F, -2.0F, 3.25F, 0.0F, 7.0F, -8.5F};
  const std::vector<uint16_t> second = {0x3f80, 0x4000, 0x4040};
  const std::vector<TensorView> tensors = {
      {"first \"quoted\"", DType::kF32, {2, 3}, std::as_bytes(std::span(first))},
      {"empty", DType::kF32, {0}, {}},
      {"second", DType::kBF16, {3}, std::as_bytes(std::span(second))}};
  ASSERT_TRUE(writeSafetensors(path, tensors, {{"format", "pt"}}));

  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->metadata().at("format"), "pt");
  ASSERT_EQ(file->entries().size(), tensors.size());
  for (const TensorView& expected : tensors) {
    const SafetensorsEntry* entry = file->find(expected.name);
    ASSERT_NE(entry, nullptr) << expected.name;
    const auto read = file->view(*entry);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->type, expected.type);
    EXPECT_EQ(read->shape, expected.shape);
    ASSERT_EQ(read->bytes.size(), expected.bytes.size());
    EXPECT_TRUE(std::ranges::equal(read->bytes, expected.bytes));
  }
  EXPECT_EQ(file->find("third"), nullptr);
}

TEST(Safetensors, TheHeaderIsAMultipleOfEightBytes) {
  for (int64_t extent = 1; extent < 100'000'000; extent *= 10) {
    const std::vector<TensorView> tensors = {{"w", DType::kF32, {extent}, {}}};
    EXPECT_EQ(safetensorsHeader(tensors, {}).size() % 8, 0U);
  }
}

TEST(Safetensors, ATypeTheEngineLacksIsRefusedOnlyWhenAskedFor) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "ids.safetensors";
  ASSERT_TRUE(replaceFile(
      path, withLength(R"({"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", "01234567")));
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->entries().front().type, StoredType::kI64);
  const auto view = file->view(file->entries().front());
  ASSERT_FALSE(view);
  EXPECT_THAT(view.error().what, HasSubstr("tensor \"ids\" is stored as I64"));
}

}  // namespace
}  // namespace z2
