// z2all tokenizer …, the program itself.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/program.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using testing::HasSubstr;

constexpr const char* kText =
    "the cat sat on the mat, the dog sat on the log\n"
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。\n"
    "the end of the text\n";

class TokenizerCommand : public testing::Test {
 protected:
  void SetUp() override {
    text_ = (folder_.path() / "text.txt").native();
    output_ = (folder_.path() / "tokenizer").native();
    ASSERT_TRUE(replaceFile(text_, kText));
  }
  ProgramRun train(std::vector<std::string> more = {}, const std::string& vocabSize = "300") {
    std::vector<std::string> arguments = {"tokenizer", "train",  "--input",  text_,  "--vocab-size",
                                          vocabSize,   "--json", "--output", output_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgram("z2all", arguments);
  }
  ProgramRun tokenizer(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), "tokenizer");
    arguments.insert(arguments.end(), {"--tokenizer", output_});
    return runProgram("z2all", arguments, input);
  }

  TemporaryFolder folder_;
  std::string text_;
  std::string output_;
};

TEST_F(TokenizerCommand, TrainsAndInspects) {
  const ProgramRun trained = train({"--special", "<s>", "--special", "</s>"});
  ASSERT_EQ(trained.exitCode, 0) << trained.errors;
  const auto report = parseJson(trained.output, "report");
  ASSERT_TRUE(report);
  EXPECT_EQ((*report)["vocab_size"], 300);
  EXPECT_EQ((*report)["documents"], 3);
  const ProgramRun inspected = tokenizer({"inspect", "--json"});
  ASSERT_EQ(inspected.exitCode, 0) << inspected.errors;
  const auto description = parseJson(inspected.output, "description");
  ASSERT_TRUE(description);
  EXPECT_EQ((*description)["type"], "bbpe");
  EXPECT_EQ((*description)["vocab_size"], 300);
  EXPECT_EQ((*description)["merges"], 42);
  EXPECT_EQ((*description)["special_tokens"], (Json{{"<s>", 0}, {"</s>", 1}}));
  EXPECT_EQ((*description)["sha256"], (*report)["sha256"]);
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"})
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(output_) / name)) << name;
}

TEST_F(TokenizerCommand, DecodesWhatItEncodes) {
  ASSERT_EQ(train().exitCode, 0);
  const std::string lines = "the cat\n\n明月 <|endoftext|>\nlast";
  const ProgramRun encoded = tokenizer({"encode", "--input", "-", "--format", "lines"}, lines);
  ASSERT_EQ(encoded.exitCode, 0) << encoded.errors;
  EXPECT_THAT(encoded.output, HasSubstr("\n[]\n"));
  const ProgramRun decoded = tokenizer({"decode", "--input", "-"}, encoded.output);
  EXPECT_EQ(decoded.output, "\"the cat\"\n\"\"\n\"明月 <|endoftext|>\"\n\"last\"\n");

  const ProgramRun special =
      tokenizer({"encode", "--input", "-", "--allow-special", "--eos"}, "a<|endoftext|>");
  EXPECT_THAT(special.output, HasSubstr(",0,0]\n"));
  EXPECT_EQ(tokenizer({"decode", "--input", "-", "--skip-special"}, special.output).output,
            "\"a\"\n");
  EXPECT_EQ(tokenizer({"encode", "--bos"}, "a").exitCode, 3);

  const ProgramRun document = tokenizer({"encode", "--format", "document"}, "a\nb\n");
  EXPECT_EQ(tokenizer({"decode"}, document.output).output, "\"a\\nb\\n\"\n");
  const ProgramRun records = tokenizer({"encode", "--format", "jsonl", "--field", "content"},
                                       "{\"content\":\"a\"}\n{\"content\":\"b\\u0000\"}\n");
  EXPECT_EQ(tokenizer({"decode"}, records.output).output, "\"a\"\n\"b\\u0000\"\n");
}

TEST_F(TokenizerCommand, RefusesBadInput) {
  EXPECT_EQ(train({"--pattern", "gpt9"}).exitCode, 2);
  EXPECT_EQ(train({}, "100").exitCode, 2);
  EXPECT_EQ(runProgram("z2all", {"tokenizer", "train"}).exitCode, 2);
  const ProgramRun missing = runProgram("z2all", {"tokenizer", "train", "--input", text_ + ".no",
                                                  "--vocab-size", "300", "--output", output_});
  EXPECT_EQ(missing.exitCode, 3);
  EXPECT_THAT(missing.errors, HasSubstr("text.txt.no"));
  EXPECT_FALSE(std::filesystem::exists(output_));

  EXPECT_EQ(tokenizer({"inspect"}).exitCode, 3);
  ASSERT_EQ(train().exitCode, 0);
  EXPECT_EQ(tokenizer({"encode", "--input", text_ + ".no"}).exitCode, 3);
  const ProgramRun outside = tokenizer({"decode"}, "[1]\n[300]\n");
  EXPECT_EQ(outside.exitCode, 3);
  EXPECT_THAT(outside.errors, HasSubstr("standard input:2"));
  EXPECT_EQ(tokenizer({"decode"}, "[1,\n").exitCode, 3);
  EXPECT_EQ(tokenizer({"decode"}, "{}\n").exitCode, 3);
  const ProgramRun record = tokenizer({"encode", "--format", "jsonl"}, "{\"text\":\"a\"}\n{}\n");
  EXPECT_EQ(record.exitCode, 3);
  EXPECT_THAT(record.errors, HasSubstr("standard input:2"));
}

TEST_F(TokenizerCommand, Exports) {
  ASSERT_EQ(train().exitCode, 0);
  const std::string copy = (folder_.path() / "copy").native();
  ASSERT_EQ(tokenizer({"export", "--format", "hf", "--output", copy}).exitCode, 0);
  EXPECT_EQ(readFile(copy + "/tokenizer.json").value_or(""),
            readFile(output_ + "/tokenizer.json").value_or("none"));
  const ProgramRun refused = tokenizer({"export", "--format", "spm", "--output", copy + "2"});
  EXPECT_EQ(refused.exitCode, 3);
  EXPECT_FALSE(std::filesystem::exists(copy + "2"));
}

TEST_F(TokenizerCommand, TrainsSentencePieceModels) {
  if (!std::filesystem::exists(Z2_BINARY_DIR "/bin/libz2_spm.so"))
    GTEST_SKIP() << "sentencepiece is not installed: there is no libz2_spm.so";
  const ProgramRun trained = train({"--type", "spm", "--special", "<pad>", "<|im_start|>"}, "340");
  ASSERT_EQ(trained.exitCode, 0) << trained.errors;
  const auto description = parseJson(tokenizer({"inspect", "--json"}).output, "description");
  ASSERT_TRUE(description);
  EXPECT_EQ((*description)["type"], "spm-bpe");
  EXPECT_EQ((*description)["special_tokens"],
            (Json{{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}, {"<pad>", 3}, {"<|im_start|>", 4}}));
  const ProgramRun encoded = tokenizer({"encode"}, "the cat 明月 🙂\n");
  EXPECT_EQ(tokenizer({"decode"}, encoded.output).output, "\"the cat 明月 🙂\"\n");
  EXPECT_EQ(train({"--type", "spm"}, "200").exitCode, 2);

  const std::string copy = (folder_.path() / "copy").native();
  ASSERT_EQ(tokenizer({"export", "--format", "hf", "--output", copy}).exitCode, 0);
  EXPECT_EQ(
      runProgram("z2all", {"tokenizer", "encode", "--tokenizer", copy}, "the cat 明月\n").output,
      tokenizer({"encode"}, "the cat 明月\n").output);
}

}  // namespace
}  // namespace z2
