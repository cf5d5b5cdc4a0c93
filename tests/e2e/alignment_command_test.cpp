// From a pretrained run to an aligned one and to other programs, by the commands that people type.

#include <filesystem>
#include <memory>
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

constexpr const char* kAnimals[] = {"cat", "dog", "cow", "hen"};
constexpr const char* kPlaces[] = {"mat", "sofa", "meadow", "roof"};

class AlignmentCommands : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    writeTexts();
    answerOf({"tokenizer", "train", "--input", at("text.txt"), "--vocab-size", "300", "--output",
              at("tokenizer"), "--json"});
    answerOf({"data", "tokenize", "--tokenizer", at("tokenizer"), "--input", at("text.txt"),
              "--output", at("text"), "--json"});
    for (const auto& [task, name] : {std::pair{"sft", "answers"}, std::pair{"dpo", "pairs"}})
      answerOf({"data", "tokenize", "--task", task, "--template", "alpaca", "--tokenizer",
                at("tokenizer"), "--input", at(std::string(name) + ".jsonl"), "--output", at(name),
                "--json"});
    newRun("base", "pretrain",
           {"model.vocab_size=300", "model.hidden_size=32", "model.intermediate_size=64",
            "model.num_hidden_layers=1", "model.num_attention_heads=2",
            "model.num_key_value_heads=1", "model.max_position_embeddings=256",
            "tokenizer.path=" + at("tokenizer"), "data.train=" + at("text"), "data.seq_len=64"});
    start("base");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::string at(const std::string& name) { return (folder_->path() / name).native(); }
  static ProgramRun z2all(const std::vector<std::string>& arguments) {
    return runProgram("z2all", arguments);
  }
  static Json answerOf(const std::vector<std::string>& arguments) {
    const ProgramRun run = z2all(arguments);
    EXPECT_EQ(run.exitCode, 0) << arguments[0] << " " << arguments[1] << ": " << run.errors;
    return parseJson(run.output, arguments[1]).value_or(Json());
  }

  static void writeTexts() {
    std::string text;
    std::string answers;
    std::string pairs;
    for (int round = 0; round < 10; ++round) {
      for (size_t i = 0; i < 4; ++i) {
        const std::string question = std::string("where is the ") + kAnimals[i];
        const std::string answer = std::string("on the ") + kPlaces[i];
        text += question + "\n" + answer + "\n\n";
        answers += jsonLine({{"prompt", question}, {"completion", answer}}) + "\n";
        pairs +=
            jsonLine({{"prompt", question}, {"chosen", answer}, {"rejected", "it is gone"}}) + "\n";
      }
    }
    ASSERT_TRUE(replaceFile(at("text.txt"), text));
    ASSERT_TRUE(replaceFile(at("answers.jsonl"), answers));
    ASSERT_TRUE(replaceFile(at("pairs.jsonl"), pairs));
  }

  static void newRun(const std::string& name, const std::string& task,
                     const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {"run",
                                          "new",
                                          "--task",
                                          task,
                                          "--dir",
                                          at(name),
                                          "--json",
                                          "--set",
                                          "train.device=cpu",
                                          "train.threads=1",
                                          "train.micro_batch_size=4",
                                          "train.steps=12",
                                          "train.checkpoint_interval=4"};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    answerOf(arguments);
  }
  static void start(const std::string& name) {
    const ProgramRun run = z2all({"run", "start", at(name), "--foreground"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
  }
  static Json lastRow(const std::string& name) {
    const ProgramRun run = z2all({"run", "tail", at(name)});
    const std::string lines = run.output.substr(0, run.output.find_last_not_of('\n') + 1);
    return parseJson(lines.substr(lines.rfind('\n') + 1), "metrics").value_or(Json());
  }

  static inline std::unique_ptr<TemporaryFolder> folder_;
};

TEST_F(AlignmentCommands, ARunIsTunedAlignedAndTakenElsewhere) {
  newRun("tuned", "sft",
         {"model.init_from=" + at("base"), "data.train=" + at("answers"), "optim.lr=0.01",
          "lora.rank=4"});
  start("tuned");
  Json status = answerOf({"run", "status", at("tuned"), "--json"});
  EXPECT_EQ(status["state"], "finished");
  EXPECT_EQ(status["last_checkpoint"], 12);
  EXPECT_GT(lastRow("tuned")["trained_tok_s"].get<double>(), 0);
  // Longer than it was to be.
  EXPECT_EQ(z2all({"run", "resume", at("tuned"), "--foreground", "--steps", "14"}).exitCode, 0);
  EXPECT_EQ(answerOf({"run", "status", at("tuned"), "--json"})["step"], 14);

  newRun("aligned", "dpo",
         {"model.init_from=" + at("tuned"), "data.train=" + at("pairs"),
          "data.valid=" + at("pairs"), "optim.lr=0.01"});
  start("aligned");
  const Json row = lastRow("aligned");
  EXPECT_GT(row["valid/rewards/accuracies"].get<double>(), 0.6);
  EXPECT_GT(row["pairs_s"].get<double>(), 0);

  // The adapters alone and merged are the same model.
  ASSERT_TRUE(replaceFile(at("rows.json"), "[[5,9,33,70,2,8,41,12,90,3]]"));
  const auto lossOf = [](const std::string& model) {
    return answerOf({"model", "check", "--model", model, "--tokens", at("rows.json"), "--json"})
        .at("loss")
        .get<double>();
  };
  answerOf({"model", "export", at("tuned"), "--format", "peft", "--output", at("peft"), "--json"});
  answerOf({"model", "export", at("tuned"), "--format", "hf", "--output", at("hf"), "--json"});
  EXPECT_NEAR(lossOf(at("peft")), lossOf(at("tuned")), 1e-6);
  EXPECT_NEAR(lossOf(at("hf")), lossOf(at("tuned")), 1e-5);
  EXPECT_TRUE(fs::exists(at("peft") + "/adapter_model.safetensors"));
  const ProgramRun whole =
      z2all({"model", "export", at("base"), "--format", "peft", "--output", at("none")});
  EXPECT_EQ(whole.exitCode, 3);
  EXPECT_THAT(whole.errors, HasSubstr("no adapters"));
  EXPECT_FALSE(fs::exists(at("none")));
}

TEST_F(AlignmentCommands, WhatIsWrongIsNamedAndNothingIsMade) {
  const auto errorsOf = [](const std::string& task, const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {"run",   "new",     "--task", task,
                                          "--dir", at("bad"), "--json", "--set"};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    const ProgramRun run = z2all(arguments);
    EXPECT_EQ(run.exitCode, 3) << run.errors;
    EXPECT_FALSE(fs::exists(at("bad")));
    return run.errors;
  };
  const std::string base = "model.init_from=" + at("base");
  const std::string answers = "data.train=" + at("answers");
  const std::string pairs = "data.train=" + at("pairs");
  EXPECT_THAT(errorsOf("sft", {base, pairs}), HasSubstr("dpo"));
  EXPECT_THAT(errorsOf("sft", {answers, "lora.rank=4"}), HasSubstr("model.init_from"));
  EXPECT_THAT(errorsOf("sft", {base, answers, "data.packing=continuous"}),
              HasSubstr("data.packing"));
  EXPECT_THAT(errorsOf("dpo", {base, pairs, "train.micro_batch_size=3"}),
              HasSubstr("train.micro_batch_size"));
  EXPECT_THAT(errorsOf("dpo", {base, pairs, "dpo.loss=hinge", "dpo.label_smoothing=0.1"}),
              HasSubstr("dpo.label_smoothing"));
}

TEST_F(AlignmentCommands, TheEstimateOfAdaptersIsLessThanThatOfAllWeights) {
  const auto engineOf = [](const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {"model",
                                          "estimate",
                                          "--json",
                                          "--set",
                                          "model.preset=z2-1.1b",
                                          "--set",
                                          "train.dtype=bf16",
                                          "--set",
                                          "train.micro_batch_size=4"};
    for (const std::string& one : settings) {
      arguments.emplace_back("--set");
      arguments.push_back(one);
    }
    return answerOf(arguments);
  };
  const Json all = engineOf({});
  const Json adapters = engineOf({"lora.rank=16"});
  EXPECT_LT(adapters["memory_gb"]["engine"].get<double>(),
            0.6 * all["memory_gb"]["engine"].get<double>());
  EXPECT_LT(adapters["trained_parameters"].get<int64_t>() * 50,
            all["trained_parameters"].get<int64_t>());
}

}  // namespace
}  // namespace z2
