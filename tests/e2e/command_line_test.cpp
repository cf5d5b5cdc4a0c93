// From text to a trained model by the programs that people call.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <thread>
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

// Paragraphs of a language of few words.
std::string someText() {
  static constexpr const char* kWords[] = {"the", "cat", "dog", "sat", "on", "mat", "月", "光"};
  std::mt19937 random(3);
  std::string text;
  for (int paragraph = 0; paragraph < 200; ++paragraph) {
    for (uint32_t word = 0; word < 20 + random() % 20; ++word)
      text.append(kWords[random() % std::size(kWords)]).append(" ");
    text.append("\n\n");
  }
  return text;
}

class CommandLine : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    ASSERT_TRUE(replaceFile(at("text.txt"), someText()));
    answerOf({"tokenizer", "train", "--input", at("text.txt"), "--vocab-size", "280", "--output",
              at("tokenizer"), "--json"});
    answerOf({"data", "tokenize", "--tokenizer", at("tokenizer"), "--input", at("text.txt"),
              "--output", at("data"), "--valid-fraction", "0.1", "--json"});
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::string at(const std::string& name) { return (folder_->path() / name).native(); }
  static ProgramRun z2all(const std::vector<std::string>& arguments) {
    return runProgram("z2all", arguments);
  }
  // What a command that must succeed prints with --json.
  static Json answerOf(const std::vector<std::string>& arguments) {
    const ProgramRun run = z2all(arguments);
    EXPECT_EQ(run.exitCode, 0) << arguments[0] << " " << arguments[1] << ": " << run.errors;
    return parseJson(run.output, arguments[1]).value_or(Json());
  }
  static Json statusOf(const std::string& run) {
    return answerOf({"run", "status", run, "--json"});
  }
  static std::vector<Json> rowsOf(const std::string& metrics) {
    std::vector<Json> rows;
    std::istringstream lines(metrics);
    for (std::string line; std::getline(lines, line);)
      rows.push_back(parseJson(line, "metrics").value_or(Json()));
    return rows;
  }
  static std::string newRun(const std::string& name, int64_t steps) {
    std::string run = at(name);
    answerOf({"run",
              "new",
              "--task",
              "pretrain",
              "--dir",
              run,
              "--json",
              "--set",
              "model.vocab_size=280",
              "model.hidden_size=32",
              "model.intermediate_size=64",
              "model.num_hidden_layers=1",
              "model.num_attention_heads=2",
              "model.num_key_value_heads=1",
              "data.train=" + at("data"),
              "data.valid=" + at("data.valid"),
              "tokenizer.path=" + at("tokenizer"),
              "data.seq_len=32",
              "train.micro_batch_size=4",
              "train.device=cpu",
              "train.threads=1",
              "train.log_interval=1",
              "train.eval_batches=2",
              "train.steps=" + std::to_string(steps)});
    return run;
  }
  static Json waitForStep(const std::string& run, int64_t step) {
    while (true) {
      Json status = statusOf(run);
      if (status.value("state", "") != "running" && status.value("state", "") != "starting")
        ADD_FAILURE() << status.dump();
      if (testing::Test::HasFailure() || status.value("step", int64_t{0}) >= step) return status;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  static inline std::unique_ptr<TemporaryFolder> folder_;
};

TEST_F(CommandLine, DataIsWhatTheTextHolds) {
  const Json train = answerOf(
      {"data", "inspect", at("data"), "--sample", "0", "--tokenizer", at("tokenizer"), "--json"});
  const Json valid = answerOf({"data", "inspect", at("data.valid"), "--json"});
  EXPECT_EQ(train["documents"].get<int>() + valid["documents"].get<int>(), 200);
  EXPECT_GT(valid["documents"], 0);
  const std::string text = train["text"].get<std::string>();
  ASSERT_THAT(text, testing::EndsWith("<|endoftext|>"));
  EXPECT_THAT(someText(), HasSubstr(text.substr(0, text.find("<|endoftext|>"))));
  // What is there is not replaced unless it is said so.
  EXPECT_NE(z2all({"data", "tokenize", "--tokenizer", at("tokenizer"), "--input", at("text.txt"),
                   "--output", at("data")})
                .exitCode,
            0);
}

TEST_F(CommandLine, ARunStopsResumesAndIsKilled) {
  const std::string run = newRun("long", 1000000);
  EXPECT_EQ(statusOf(run)["state"], "created");
  EXPECT_EQ(z2all({"run", "resume", run}).exitCode, 3);
  answerOf({"run", "start", run, "--json"});
  waitForStep(run, 2);
  const ProgramRun again = z2all({"run", "start", run});
  EXPECT_EQ(again.exitCode, 3);
  EXPECT_THAT(again.errors, HasSubstr("running already"));

  const Json stopped = answerOf({"run", "stop", run, "--json"});
  EXPECT_EQ(stopped["state"], "stopped");
  EXPECT_EQ(stopped["exit_code"], 5);
  EXPECT_EQ(stopped["last_checkpoint"], stopped["step"]);
  EXPECT_EQ(stopped["resumable"], true);
  EXPECT_TRUE(stopped["pid"].is_null());
  const auto step = stopped["step"].get<int64_t>();
  EXPECT_GE(step, 2);

  answerOf({"run", "resume", run, "--json"});
  EXPECT_EQ(waitForStep(run, step + 2)["attempt"], 2);
  const Json killed = answerOf({"run", "stop", run, "--now", "--json"});
  EXPECT_EQ(killed["state"], "stopped");
  EXPECT_GE(killed["last_checkpoint"], step);
  EXPECT_EQ(killed["resumable"], true);

  const std::vector<Json> rows = rowsOf(z2all({"run", "tail", run}).output);
  ASSERT_GE(rows.size(), static_cast<size_t>(step) + 2);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i]["seq"], i);
    ASSERT_EQ(rows[i]["step"], i + 1);
    ASSERT_EQ(rows[i]["attempt"], i < static_cast<size_t>(step) ? 1 : 2);
  }
}

TEST_F(CommandLine, ARunIsFollowedToItsEndAndWrites) {
  const std::string run = newRun("short", 30);
  answerOf({"run", "start", run, "--json"});
  const ProgramRun followed = z2all({"run", "tail", run, "--follow"});
  EXPECT_EQ(followed.exitCode, 0) << followed.errors;
  EXPECT_EQ(rowsOf(followed.output).back()["step"], 30);
  EXPECT_EQ(followed.output, z2all({"run", "tail", run}).output);
  EXPECT_EQ(statusOf(run)["state"], "finished");
  EXPECT_EQ(answerOf({"run", "list", at(""), "--json"}).back()["name"], "short");

  // Longer than it was to be; in the foreground this time.
  const ProgramRun longer = z2all({"run", "resume", run, "--foreground", "--steps", "32"});
  EXPECT_EQ(longer.exitCode, 0) << longer.errors;
  const Json status = statusOf(run);
  EXPECT_EQ(status["state"], "finished");
  EXPECT_EQ(status["step"], 32);

  const std::vector<std::string> generate = {"generate", "--model", run,       "--prompt",
                                             "the cat",  "--seed",  "1",       "--max-new-tokens",
                                             "8",        "--json",  "--top-k", "5"};
  const Json first = answerOf(generate);
  EXPECT_LE(first["ids"].size(), 8U);
  EXPECT_GE(first["ids"].size(), 1U);
  EXPECT_EQ(answerOf(generate), first);
}

// Its checkpoints are verified before anything of the run is written.
TEST_F(CommandLine, ARunWithoutAGoodCheckpointIsRefusedAsItIs) {
  const std::string run = newRun("damaged", 4);
  answerOf({"run", "start", run, "--foreground", "--json"});
  const auto contents = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(run))
      if (entry.is_regular_file()) all[entry.path().native()] = readFile(entry.path()).value();
    return all;
  };
  const auto flipLastByte = [](const fs::path& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(-1, std::ios::end);
    const auto flipped = static_cast<char>(stream.get() ^ 1);
    stream.seekp(-1, std::ios::end);
    stream.put(flipped);
  };
  const auto flipAll = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(run + "/ckpt"))
      if (entry.path().filename() == "model.safetensors") flipLastByte(entry.path());
  };
  flipAll();
  const auto before = contents();
  const ProgramRun refused = z2all({"run", "resume", run, "--foreground", "--steps", "8"});
  EXPECT_EQ(refused.exitCode, 3);
  EXPECT_THAT(refused.errors, HasSubstr("none of the run's checkpoints verifies"));
  EXPECT_THAT(refused.errors, HasSubstr("Bring a copy back"));
  EXPECT_EQ(contents(), before);
  const ProgramRun finished = z2all({"run", "resume", run, "--set", "train.log_interval=2"});
  EXPECT_EQ(finished.exitCode, 3);
  EXPECT_THAT(finished.errors, HasSubstr("--steps"));
  EXPECT_EQ(contents(), before);
  flipAll();
  EXPECT_EQ(z2all({"run", "resume", run, "--foreground", "--steps", "8"}).exitCode, 0);
  EXPECT_EQ(statusOf(run)["step"], 8);
}

TEST_F(CommandLine, WhatIsWrongIsNamedAndNothingIsMade) {
  const ProgramRun key = z2all(
      {"run", "new", "--task", "pretrain", "--dir", at("wrong"), "--set", "model.hiden_size=3"});
  EXPECT_NE(key.exitCode, 0);
  EXPECT_THAT(key.errors, HasSubstr("model.hidden_size"));
  EXPECT_FALSE(fs::exists(at("wrong")));
  EXPECT_EQ(z2all({"run", "start", at("nothing")}).exitCode, 3);
  EXPECT_EQ(z2all({"run", "status", at("nothing"), "--json"}).exitCode, 3);
  const ProgramRun missing = z2all({"data", "tokenize", "--tokenizer", at("tokenizer"), "--input",
                                    at("no.txt"), "--output", at("none")});
  EXPECT_EQ(missing.exitCode, 3);
  EXPECT_THAT(missing.errors, HasSubstr("no.txt"));
  EXPECT_FALSE(fs::exists(at("none.bin")));
}

TEST_F(CommandLine, TheEnginesMeasurementsAreThoseOfTheProgram) {
  const Json step = answerOf({"bench", "step", "--micro-batch", "1", "--seq", "16", "--steps", "1",
                              "--device", "cpu", "--set", "model.num_hidden_layers=1", "--json"});
  for (const char* key : {"tok_s", "tok_s_min", "tok_s_max", "mfu", "mfu_causal", "peak_tflops",
                          "mem_gb", "device", "dtype"})
    EXPECT_TRUE(step.contains(key)) << key;
  const ProgramRun wrong = z2all({"bench", "step", "--stepz", "1"});
  EXPECT_EQ(wrong.exitCode, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("--stepz"));
  EXPECT_THAT(z2all({"bench", "step", "--help"}).output, HasSubstr("--micro-batch"));
}

TEST_F(CommandLine, DoctorKnowsThisMachine) {
  const ProgramRun run = z2all({"doctor", "--json", "--workspace", at("workspace")});
  const auto findings = parseJson(run.output, "doctor");
  ASSERT_TRUE(findings) << run.output << run.errors;
  EXPECT_EQ(run.exitCode, (*findings)["ok"] == true ? 0 : 4) << run.output;
  std::vector<std::string> names;
  for (const Json& check : (*findings)["checks"]) names.push_back(check["name"]);
  EXPECT_THAT(names, testing::IsSupersetOf({"cpu", "memory", "disk", "libtorch", "trainer"}));
  EXPECT_FALSE(z2all({"doctor", "--workspace", at("workspace")}).output.empty());
}

}  // namespace
}  // namespace z2
