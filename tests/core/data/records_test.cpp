#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/records/record_composer.h"
#include "core/data/records/record_format.h"
#include "core/io/files.h"
#include "core/io/limits.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

struct ReadRecord {
  uint64_t line = 0;
  std::string text;
  bool isBroken = false;
  friend bool operator==(const ReadRecord&, const ReadRecord&) = default;
};

class RecordsTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& content) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(replaceFile(path, content));
    return path;
  }

  static Result<std::vector<ReadRecord>> readAll(const std::filesystem::path& path,
                                                 RecordFormat format,
                                                 TextUnit unit = TextUnit::kLine,
                                                 const RecordPosition& from = {}) {
    Z2_TRY(const auto reader, openRecords(path, format, unit, from));
    std::vector<ReadRecord> all;
    RecordBlock block;
    while (true) {
      Z2_TRY(const bool isThere, reader->next(block));
      if (!isThere) return all;
      EXPECT_EQ(block.end.record - block.start.record, block.records.size());
      for (const auto& record : block.records)
        all.push_back({record.line, std::string(block.text(record)), record.problem != nullptr});
    }
  }

  // Reading on from the end of any block gives what reading through gives.
  static void expectToGoOn(const std::filesystem::path& path, RecordFormat format, TextUnit unit) {
    const auto whole = readAll(path, format, unit).value();
    const auto reader = openRecords(path, format, unit, {}).value();
    RecordBlock block;
    size_t blocks = 0;
    while (reader->next(block).value()) {
      const auto rest = readAll(path, format, unit, block.end);
      ASSERT_TRUE(rest) << rest.error().text();
      const std::vector<ReadRecord> expected(
          whole.begin() + static_cast<std::ptrdiff_t>(block.end.record), whole.end());
      EXPECT_EQ(*rest, expected);
      ++blocks;
    }
    EXPECT_GT(blocks, 1U);
  }

  TemporaryFolder folder_;
};

TEST_F(RecordsTest, JsonLinesSkipBlankLinesAndCountThem) {
  const auto path = write("a.jsonl", "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n\"x\"\n{broken");
  const auto records = readAll(path, RecordFormat::kJsonLines).value();
  EXPECT_EQ(records, (std::vector<ReadRecord>{{1, "{\"a\":1}"}, {4, "\"x\""}, {5, "{broken"}}));
}

TEST_F(RecordsTest, AnEmptyFileHasNoRecords) {
  for (const auto unit : {TextUnit::kFile, TextUnit::kLine, TextUnit::kParagraph})
    EXPECT_TRUE(readAll(write("a.txt", ""), RecordFormat::kText, unit).value().empty());
  EXPECT_TRUE(readAll(write("a.jsonl", ""), RecordFormat::kJsonLines).value().empty());
}

TEST_F(RecordsTest, JsonArraysGiveTheirElements) {
  const auto path = write("a.json", "[\n {\"a\":\"],}\\\"\"},\n {\"b\":[1,{}]} , 7,\n\"s\"]\n");
  const auto records = readAll(path, RecordFormat::kJsonArray).value();
  EXPECT_EQ(records,
            (std::vector<ReadRecord>{
                {2, "{\"a\":\"],}\\\"\"}"}, {3, "{\"b\":[1,{}]}"}, {3, "7"}, {4, "\"s\""}}));
  EXPECT_TRUE(readAll(write("b.json", " [ ] "), RecordFormat::kJsonArray).value().empty());
}

TEST_F(RecordsTest, AJsonArrayThatIsCutOffOrNoneIsRefused) {
  EXPECT_FALSE(readAll(write("a.json", "[{\"a\":1},"), RecordFormat::kJsonArray));
  EXPECT_FALSE(readAll(write("a.json", "[{\"a\":1},{\"b"), RecordFormat::kJsonArray));
  EXPECT_FALSE(readAll(write("a.json", "{\"a\":1}"), RecordFormat::kJsonArray));
  EXPECT_FALSE(readAll(write("a.json", "[1] 2"), RecordFormat::kJsonArray));
}

TEST_F(RecordsTest, TextByLineParagraphAndFile) {
  const auto path = write("a.txt", "\n\none\r\ntwo\n \n\nthree");
  EXPECT_EQ(readAll(path, RecordFormat::kText, TextUnit::kLine).value(),
            (std::vector<ReadRecord>{{3, "one"}, {4, "two"}, {7, "three"}}));
  EXPECT_EQ(readAll(path, RecordFormat::kText, TextUnit::kParagraph).value(),
            (std::vector<ReadRecord>{{3, "one\r\ntwo"}, {7, "three"}}));
  EXPECT_EQ(readAll(path, RecordFormat::kText, TextUnit::kFile).value(),
            (std::vector<ReadRecord>{{1, "\n\none\r\ntwo\n \n\nthree"}}));
}

TEST_F(RecordsTest, WholeLinesKeepTheirEnds) {
  EXPECT_EQ(
      readAll(write("a.txt", "\n\none\r\ntwo"), RecordFormat::kText, TextUnit::kWholeLine).value(),
      (std::vector<ReadRecord>{{1, "\n"}, {2, "\n"}, {3, "one\r\n"}, {4, "two"}}));
}

TEST_F(RecordsTest, EveryFormatGoesOnFromABlock) {
  std::string lines;
  std::string array = "[";
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    const std::string body(static_cast<size_t>(i % 1500), static_cast<char>('a' + i % 26));
    lines += "{\"text\":\"" + body + "\"}\n";
    array += (i == 0 ? "" : ",\n") + std::string("{\"text\":\"") + body + "\"}";
    text += std::to_string(i) + body + "\nsecond line\n\n";
  }
  expectToGoOn(write("a.jsonl", lines), RecordFormat::kJsonLines, TextUnit::kLine);
  expectToGoOn(write("a.json", array + "]\n"), RecordFormat::kJsonArray, TextUnit::kLine);
  expectToGoOn(write("a.txt", text), RecordFormat::kText, TextUnit::kParagraph);
  expectToGoOn(write("c.txt", text), RecordFormat::kText, TextUnit::kWholeLine);
  expectToGoOn(write("b.txt", text), RecordFormat::kText, TextUnit::kLine);
}

TEST_F(RecordsTest, ALineOver64MiBIsLeftOutAlone) {
  const auto path = folder_.path() / "long.jsonl";
  std::string content = "1\n";
  content.append(limits::kJsonLineBytes + (size_t{3} << 20), 'x');
  content += "\n2\n";
  write("long.jsonl", content);
  const auto records = readAll(path, RecordFormat::kJsonLines).value();
  EXPECT_EQ(records, (std::vector<ReadRecord>{{1, "1"}, {2, "", true}, {3, "2"}}));
}

TEST_F(RecordsTest, FormatsAreRecognised) {
  EXPECT_EQ(detectRecordFormat(write("a.jsonl", "[1]")).value(), RecordFormat::kJsonLines);
  EXPECT_EQ(detectRecordFormat(write("a.json", " [1]")).value(), RecordFormat::kJsonArray);
  EXPECT_EQ(detectRecordFormat(write("b.json", "{}\n{}")).value(), RecordFormat::kJsonLines);
  EXPECT_EQ(detectRecordFormat(write("a.TXT", "{")).value(), RecordFormat::kText);
  EXPECT_EQ(detectRecordFormat(write("a", "PAR1")).value(), RecordFormat::kParquet);
  EXPECT_EQ(detectRecordFormat(write("b", "{\"a\":1}")).value(), RecordFormat::kJsonLines);
  EXPECT_FALSE(detectRecordFormat(folder_.path() / "none"));
}

tl::expected<std::string, RecordProblem> compose(std::string record, FieldChoice choice = {}) {
  const size_t size = record.size();
  record.append(RecordBlock::kPadding, '\0');
  RecordComposer composer(std::move(choice));
  std::string text;
  if (auto outcome = composer.compose(std::string_view(record).substr(0, size), text); !outcome)
    return tl::unexpected(outcome.error());
  return text;
}

TEST(RecordComposer, TakesTextOrTheChosenFields) {
  EXPECT_EQ(compose(R"({"text":"a\nb","id":1})").value(), "a\nb");
  EXPECT_EQ(compose(R"("plain")").value(), "plain");
  const std::string poem =
      R"({"title":"T","n":12,"ok":true,"lines":["x","y"],"none":null,"empty":""})";
  EXPECT_EQ(compose(poem, {{"title", "lines"}, "\n"}).value(), "T\nx\ny");
  EXPECT_EQ(compose(poem, {{"n", "none", "empty", "absent", "ok"}, "|"}).value(), "12|true");
  EXPECT_EQ(compose(poem, {{"none"}, "\n"}).value(), "");
}

TEST(RecordComposer, SaysWhatIsWrong) {
  EXPECT_EQ(compose(R"({"text":)").error().reason, "broken JSON");
  EXPECT_EQ(compose("{\"text\":\"\xff\"}").error().reason, "broken JSON");
  EXPECT_EQ(compose("[1]").error().reason, "broken JSON");
  EXPECT_EQ(compose(R"({"title":"a"})").error().reason, "missing field");
  EXPECT_EQ(compose(R"({"text":{"a":1}})").error().reason, "missing field");
}

}  // namespace
}  // namespace z2
