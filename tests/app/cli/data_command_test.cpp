// z2all data tokenize and inspect on conversations and preferences.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/program.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DataCommand : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(replaceFile(folder_.path() / "chats.jsonl",
                            R"({"messages":[{"role":"user","content":"Q <|im_end|>"},)"
                            R"({"role":"assistant","content":"A"}]})"
                            "\n"
                            R"({"messages":[{"role":"alien","content":"?"}]})"
                            "\n"));
    ASSERT_TRUE(
        replaceFile(folder_.path() / "pairs.json", R"([{"question":"Q","good":"A","bad":"B"}])"));
  }

  [[nodiscard]] ProgramRun tokenize(const std::string& task, const std::string& input,
                                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"data",        "tokenize",   "--task",      task,
                                          "--tokenizer", tokenizer_,   "--input",     path(input),
                                          "--output",    path("made"), "--overwrite", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgram("z2all", arguments);
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).native();
  }

  TemporaryFolder folder_;
  std::string tokenizer_ =
      (fs::path(Z2_SOURCE_DIR) / "tests/core/chat/data/tokenizers/qwen2.json").native();
};

TEST_F(DataCommand, MakesAndShowsSamplesForFineTuning) {
  const ProgramRun made = tokenize("sft", "chats.jsonl", {"--template", "chatml"});
  ASSERT_EQ(made.exitCode, 0) << made.errors;
  const Json summary = Json::parse(made.output);
  EXPECT_EQ(summary.at("task"), "sft");
  EXPECT_EQ(summary.at("formats"), Json::array({"messages"}));
  EXPECT_EQ(summary.at("train").at("documents"), 1);
  EXPECT_EQ(summary.at("dropped").at("unknown role"), 1);
  EXPECT_THAT(made.errors, HasSubstr("chats.jsonl: messages"));
  EXPECT_THAT(made.errors, HasSubstr("chats.jsonl:2: unknown role"));

  const ProgramRun shown = runProgram(
      "z2all", {"data", "inspect", path("made"), "--sample", "0", "--seq-len", "64", "--json"});
  ASSERT_EQ(shown.exitCode, 0) << shown.errors;
  const Json sample = Json::parse(shown.output);
  EXPECT_THAT(
      sample.at("text").get<std::string>(),
      HasSubstr("<|im_start|>user\nQ <|im_end|><|im_end|>\n<|im_start|>assistant\nA<|im_end|>"));
  EXPECT_EQ(sample.at("ids").size(), sample.at("mask").size());
  int trained = 0;
  for (const Json& byte : sample.at("mask")) trained += byte.get<int>();
  EXPECT_EQ(trained, 2);
  EXPECT_EQ(sample.at("trained_tokens"), 2);
  EXPECT_EQ(sample.at("packing").at("rows"), 1);
  EXPECT_EQ(sample.at("packing").at("trained_tokens"), 2);
}

TEST_F(DataCommand, MakesAndShowsPairs) {
  const ProgramRun made =
      tokenize("dpo", "pairs.json",
               {"--template", "chatml", "--columns", "prompt=question,chosen=good,rejected=bad"});
  ASSERT_EQ(made.exitCode, 0) << made.errors;
  const ProgramRun shown =
      runProgram("z2all", {"data", "inspect", path("made"), "--sample", "0", "--json"});
  const Json sample = Json::parse(shown.output);
  EXPECT_EQ(sample.at("sequences"), 3);
  EXPECT_THAT(sample.at("prompt").at("text").get<std::string>(), HasSubstr("user\nQ"));
  EXPECT_THAT(sample.at("chosen").at("text").get<std::string>(), HasSubstr("A<|im_end|>"));
  EXPECT_THAT(sample.at("rejected").at("text").get<std::string>(), HasSubstr("B<|im_end|>"));
}

TEST_F(DataCommand, RefusesWhatDoesNotGoTogether) {
  const ProgramRun pretrain = tokenize("pretrain", "chats.jsonl", {"--template", "chatml"});
  EXPECT_EQ(pretrain.exitCode, 2);
  EXPECT_THAT(pretrain.errors, HasSubstr("--template has no meaning with --task pretrain"));
  EXPECT_EQ(tokenize("dpo", "pairs.json", {"--train-on", "all"}).exitCode, 2);
  EXPECT_EQ(tokenize("sft", "chats.jsonl", {"--columns", "promt=x"}).exitCode, 2);
  const ProgramRun unknown = tokenize("dpo", "pairs.json");
  EXPECT_EQ(unknown.exitCode, 3);
  EXPECT_THAT(unknown.errors, HasSubstr("\"question\", \"good\", \"bad\""));
  EXPECT_EQ(tokenize("sft", "chats.jsonl", {"--template", "nothing"}).exitCode, 3);
  EXPECT_FALSE(fs::exists(path("made.bin")));
}

}  // namespace
}  // namespace z2
