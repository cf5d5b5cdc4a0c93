// z2all eval: the numbers of transformers on a tiny model (tests/oracle/make_eval_goldens.py).

#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/token_file_writer.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/program.h"
#include "tests/app/cli/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class EvalCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = folder_.path() / "model";
    copyTinyModel(model_);
    oracle_ = readJsonFile(fixture("oracle.json")).value();
    const auto tokens = readJsonFile(fixture("tokens.json")).value().get<std::vector<int32_t>>();
    auto writer = TokenFileWriter::create(prefix(), TokenType::kUint16).value();
    // Documents lie end to end.
    ASSERT_TRUE(writer.append(std::span(tokens).first(30)));
    ASSERT_TRUE(writer.append(std::span(tokens).subspan(30)));
    ASSERT_TRUE(writer.commit({}));
  }
  static fs::path fixture(const char* name) {
    return fs::path(Z2_SOURCE_DIR) / "tests/fixtures/eval" / name;
  }
  [[nodiscard]] fs::path prefix() const { return folder_.path() / "data"; }
  [[nodiscard]] ProgramRun run(std::vector<std::string> further) const {
    std::vector<std::string> arguments = {"eval", "--model", model_.native(), "--device", "cpu"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return runProgram("z2all", arguments);
  }
  [[nodiscard]] Json json(std::vector<std::string> further) const {
    further.emplace_back("--json");
    const ProgramRun done = run(std::move(further));
    EXPECT_EQ(done.exitCode, 0) << done.errors;
    return parseJson(done.output, "output").value_or(Json::object());
  }

  TemporaryFolder folder_;
  fs::path model_;
  Json oracle_;
};

TEST_F(EvalCommand, PerplexityEqualsTransformers) {
  const Json& expected = oracle_["perplexity"];
  for (const char* rows : {"1", "3"}) {
    const Json got = json({"--data", prefix().native(), "--window",
                           std::to_string(expected["window"].get<int>()), "--rows", rows});
    EXPECT_EQ(got["tokens"], expected["tokens"]);
    EXPECT_NEAR(got["loss"].get<double>(), expected["loss"].get<double>(), 1e-5);
    EXPECT_NEAR(got["perplexity"].get<double>(), std::exp(expected["loss"].get<double>()), 1e-2);
    // A character a token.
    EXPECT_NEAR(got["bits_per_byte"].get<double>(), expected["loss"].get<double>() / std::log(2.0),
                1e-4);
  }
  EXPECT_EQ(json({"--data", prefix().native(), "--limit", "20"})["tokens"], 19);
}

TEST_F(EvalCommand, AccuracyEqualsTransformers) {
  const Json got = json({"--data", fixture("questions.jsonl").native()});
  EXPECT_EQ(got["questions"], 40);
  EXPECT_EQ(got["accuracy"], oracle_["choices"]["accuracy"]);
  EXPECT_EQ(got["accuracy_norm"], oracle_["choices"]["accuracy_norm"]);
}

TEST_F(EvalCommand, SeveralModelsAreComparedWithTheFirst) {
  const fs::path other = folder_.path() / "other";
  fs::copy(model_, other, fs::copy_options::recursive);
  const ProgramRun done = run({"--model", other.native(), "--data", prefix().native(),
                               fixture("questions.jsonl").native()});
  EXPECT_EQ(done.exitCode, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("+0.0000 loss"));
  EXPECT_THAT(done.output, HasSubstr("+0.00 points"));
}

TEST_F(EvalCommand, ExamplesNeedAFileWithEnough) {
  const std::string questions = fixture("questions.jsonl").native();
  ProgramRun done = run({"--data", questions, "--shots", "2"});
  EXPECT_EQ(done.exitCode, 2);
  EXPECT_THAT(done.errors, HasSubstr("--examples"));
  done = run({"--data", questions, "--shots", "41", "--examples", questions});
  EXPECT_EQ(done.exitCode, 3);
  EXPECT_THAT(done.errors, HasSubstr("it has 40 questions"));
}

TEST_F(EvalCommand, ABadLineIsNamed) {
  ASSERT_TRUE(replaceFile(folder_.path() / "bad.jsonl",
                          "{\"question\":\"a\",\"choices\":[\"b\",\"c\"],\"answer\":0}\n"
                          "{\"question\":\"a\",\"choices\":[\"b\"],\"answer\":0}\n"));
  const ProgramRun done = run({"--data", (folder_.path() / "bad.jsonl").native()});
  EXPECT_EQ(done.exitCode, 3);
  EXPECT_THAT(done.errors, HasSubstr("bad.jsonl:2"));
}

}  // namespace
}  // namespace z2
