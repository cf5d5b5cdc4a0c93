// z2all model …, generate and chat: the programs themselves, on a tiny model whose numbers
// transformers gave (tests/oracle/make_hf_models.py).

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/program.h"
#include "tests/app/cli/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ModelCommand : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path fixture = fs::path(Z2_SOURCE_DIR) / "tests/fixtures/hf/llama_gqa";
    model_ = folder_.path() / "model";
    copyTinyModel(model_);
    oracle_ = readJsonFile(fixture / "oracle.json").value();
    ASSERT_TRUE(writeJsonFile(tokens(), oracle_["rows"]));
  }
  [[nodiscard]] fs::path tokens() const { return folder_.path() / "tokens.json"; }

  // The JSON that the command prints.
  Json run(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const ProgramRun done = runProgram("z2all", arguments);
    EXPECT_EQ(done.exitCode, 0) << done.errors;
    return parseJson(done.output, "output").value_or(Json::object());
  }
  Json check(const fs::path& model) {
    return run({"model", "check", "--model", model.native(), "--tokens", tokens().native()});
  }

  TemporaryFolder folder_;
  fs::path model_;
  Json oracle_;
};

TEST_F(ModelCommand, CheckGivesTransformersNumbers) {
  const Json checked = check(model_);
  EXPECT_NEAR(checked["loss"].get<double>(), oracle_["loss"].get<double>(), 1e-4);
  EXPECT_NEAR(checked["grad_norm"].get<double>(), oracle_["grad_norm"].get<double>(), 1e-3);
  EXPECT_EQ(checked["grad_norms"].size(), oracle_["grad_norms"].size());
  EXPECT_EQ(checked["logits_last"].size(), 2U);
}

TEST_F(ModelCommand, ImportAndExportKeepEveryBit) {
  const fs::path imported = folder_.path() / "imported";
  const fs::path exported = folder_.path() / "exported";
  run({"model", "import", model_.native(), "--output", imported.native()});
  EXPECT_TRUE(fs::exists(imported / "manifest.json"));
  run({"model", "export", imported.native(), "--output", exported.native()});
  EXPECT_EQ(readFile(exported / "tokenizer.json").value(),
            readFile(model_ / "tokenizer.json").value());
  EXPECT_EQ(check(imported), check(model_));
  EXPECT_EQ(check(exported), check(model_));
}

TEST_F(ModelCommand, AnExportThatIsCheckedHasTheSameLoss) {
  for (const char* type : {"fp32", "bf16"}) {
    const std::string output = (folder_.path() / type).native();
    const Json done =
        run({"model", "export", model_.native(), "--dtype", type, "--output", output, "--check"});
    const Json check = done.value("check", Json::object());
    EXPECT_TRUE(check.value("same", false)) << done.dump();
    EXPECT_GT(check.value("tokens", 0), 50);
    EXPECT_GT(check.value("loss_before", 0.0), 1.0);
    EXPECT_EQ(check.value("loss_before", 0.0) == check.value("loss_after", 0.0),
              std::string(type) == "fp32");
  }
}

TEST_F(ModelCommand, ADamagedImportIsFoundByItsChecksum) {
  const fs::path imported = folder_.path() / "imported";
  run({"model", "import", model_.native(), "--output", imported.native()});
  std::string weights = readFile(imported / "model.safetensors").value();
  weights[weights.size() / 2] ^= 1;
  ASSERT_TRUE(replaceFile(imported / "model.safetensors", weights));
  const ProgramRun done = runProgram("z2all", {"model", "export", imported.native(), "--output",
                                               (folder_.path() / "exported").native()});
  EXPECT_EQ(done.exitCode, 3);
  EXPECT_THAT(done.errors, HasSubstr("model.safetensors"));
  EXPECT_FALSE(fs::exists(folder_.path() / "exported"));
}

TEST_F(ModelCommand, InfoCountsParametersAndMemory) {
  const Json info = run({"model", "info", model_.native()});
  EXPECT_EQ(info["parameters"], 21'664);
  double parts = 0;
  for (const char* part :
       {"weights", "gradients", "optimizer", "activations", "logits", "workspace"})
    parts += info["memory_gb"][part].get<double>();
  EXPECT_NEAR(parts, info["memory_gb"]["engine"].get<double>(), 1e-9);
  EXPECT_GT(info["memory_gb"]["on_gpu"].get<double>(), parts);
  const Json larger =
      run({"model", "estimate", model_.native(), "--set", "train.micro_batch_size=64"});
  EXPECT_GT(larger["memory_gb"]["activations"].get<double>(),
            info["memory_gb"]["activations"].get<double>());
}

TEST_F(ModelCommand, GenerateContinuesAsTransformersDoes) {
  const Json generated = run({"generate", "--model", model_.native(), "--prompt", "\".G",
                              "--max-new-tokens", "20", "--device", "cpu"});
  EXPECT_EQ(generated["ids"], oracle_["greedy"][0]["ids"]);
  EXPECT_EQ(generated["text"].get<std::string>().size(), 20U);
  EXPECT_EQ(generated["finish_reason"], "length");
}

TEST_F(ModelCommand, TheSeedDecidesWhatIsDrawn) {
  const auto draw = [&](const char* seed) {
    return run({"generate", "--model", model_.native(), "--prompt", "a", "--max-new-tokens", "12",
                "--temperature", "1.5", "--top-k", "50", "--seed", seed})["ids"];
  };
  EXPECT_EQ(draw("1"), draw("1"));
  EXPECT_NE(draw("1"), draw("2"));
}

TEST_F(ModelCommand, ChatAnswersEachLine) {
  const ProgramRun done =
      runProgram("z2all", {"chat", "--model", model_.native(), "--max-new-tokens", "4"},
                 "hi\n/reset\n/unknown\nyo\n/exit\nnever\n");
  EXPECT_EQ(done.exitCode, 0) << done.errors;
  EXPECT_GE(std::ranges::count(done.output, '\n'), 2);
}

TEST_F(ModelCommand, WhatIsWrongIsSaid) {
  const std::string model = model_.native();
  ASSERT_TRUE(replaceFile(tokens(), "[[1,2],[3,96]]"));
  const struct {
    std::vector<std::string> arguments;
    int exitCode;
    const char* words;
  } rows[] = {
      {{"model", "check", "--model", model, "--tokens", tokens().native()}, 3, "row 1: token 96"},
      {{"model", "info", "/nowhere"}, 3, "there is no such directory"},
      {{"model", "info", folder_.path().native()}, 3, "this is no model"},
      {{"model", "export", model, "--output", model}, 3, "not an empty folder"},
      {{"model", "export", model, "--output", "x", "--format", "onnx"}, 2, "--format"},
      {{"model", "export", model, "--output", "x", "--dtype", "q8_0"}, 2, "--format gguf"},
      {{"model", "export", model, "--output", "x", "--format", "gguf"}, 3, "llama.cpp"},
      {{"generate", "--model", model}, 2, "--prompt"},
      {{"generate", "--model", model, "--prompt", "a", "--min-p", "2"}, 2, "min-p"},
      {{"serve", "--model", model, "--host", "0.0.0.0"}, 2, "--key-file"},
      {{"eval", "--model", model, "--data", "/nowhere"}, 3, "/nowhere"},
      {{"generate", "--model", model, "--prompt", "a", "--top-p", "0"}, 2, "top-p"},
      {{"generate", "--model", model, "--prompt", std::string(40, 'a')}, 3, "40 tokens"},
      {{"generate", "--model", model, "--prompt", "a", "--tokenizer", "/nowhere"}, 3, "/nowhere"},
  };
  for (const auto& row : rows) {
    const ProgramRun done = runProgram("z2all", row.arguments);
    EXPECT_EQ(done.exitCode, row.exitCode) << row.words;
    EXPECT_THAT(done.errors, HasSubstr(row.words));
    EXPECT_EQ(done.output, "");
  }
}

}  // namespace
}  // namespace z2
