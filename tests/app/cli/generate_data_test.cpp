// z2all data generate against a scripted server and against z2all serve.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/piped_process.h"
#include "core/base/program_path.h"
#include "core/instruct/task_store.h"
#include "tests/app/cli/program.h"
#include "tests/app/cli/tiny_model.h"
#include "tests/support/keyring_session.h"
#include "tests/support/scripted_server.h"
#include "tests/support/task_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class GenerateData : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string seeds;
    for (size_t i = 0; i < 10; ++i) seeds += jsonLine(madeUpTask(900 + i).toJson()) + "\n";
    ASSERT_TRUE(replaceFile(folder_.path() / "seeds.jsonl", seeds));
  }
  std::vector<std::string> arguments(const std::string& endpoint, const std::string& count,
                                     const std::vector<std::string>& further = {}) const {
    std::vector<std::string> list = {
        "data",       "generate",      "--seeds",  (folder_.path() / "seeds.jsonl").native(),
        "--endpoint", endpoint,        "--model",  "made-up",
        "--count",    count,           "--output", output_.native(),
        "--json",     "--per-request", "4",        "--retry-wait",
        "0.01"};
    list.insert(list.end(), further.begin(), further.end());
    return list;
  }
  // Each task once, in the files as in the journal.
  void checkFiles(size_t count) const {
    const TaskPaths paths = taskPathsOf(output_);
    const auto kept = readKeptTasks(paths.kept).value();
    EXPECT_EQ(kept.size(), count);
    std::vector<std::string> inFile;
    for (const InstructionTask& task : kept) inFile.push_back(task.instruction);
    std::vector<std::string> inJournal;
    size_t dropped = 0;
    std::set<uint64_t> requests;
    const std::string text = readFile(paths.journal).value();
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const Json line = parseJson(text.substr(at, text.find('\n', at) - at), "journal").value();
      if (!line.contains("request")) continue;
      EXPECT_TRUE(requests.insert(line["request"].get<uint64_t>()).second);
      for (const Json& task : line["kept"]) inJournal.push_back(task["instruction"]);
      dropped += line["dropped"].size();
    }
    EXPECT_EQ(inFile, inJournal);
    EXPECT_EQ(std::set<std::string>(inFile.begin(), inFile.end()).size(), inFile.size());
    EXPECT_EQ(readDroppedTasks(paths.dropped)->size(), dropped);
  }
  uint64_t lines() const {
    const auto text = readFile(output_);
    return text ? static_cast<uint64_t>(std::ranges::count(*text, '\n')) : 0;
  }

  TemporaryFolder folder_;
  fs::path output_ = folder_.path() / "new.jsonl";
};

TEST_F(GenerateData, WritesAlpacaRecordsAndSaysWhatTheyCost) {
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    return ScriptedReply{.body = replyWithTasks(request.body, 4)};
  });
  const ProgramRun done = runProgram(
      "z2all",
      arguments(server.url(), "10",
                {"--key-file", "-", "--price-in", "1", "--price-out", "2", "--requests", "2"}),
      "secret-key\nrest\n");
  ASSERT_EQ(done.exitCode, 0) << done.errors;
  const Json json = parseJson(done.output, "output").value();
  EXPECT_EQ(json["kept"], 10);
  EXPECT_EQ(json["finished"], true);
  EXPECT_EQ(json["language"], "en");
  EXPECT_EQ(json["prompt_tokens"], 300);
  EXPECT_DOUBLE_EQ(json["cost"].get<double>(), (300 + 2 * 150) / 1e6);
  EXPECT_EQ(server.requests()[0].bearer, "Bearer secret-key");
  EXPECT_THAT(done.output + done.errors, Not(HasSubstr("secret-key")));
  checkFiles(10);
  // Nothing is left to do.
  const ProgramRun again = runProgram("z2all", arguments(server.url(), "10"));
  EXPECT_EQ(again.exitCode, 0) << again.errors;
  EXPECT_EQ(parseJson(again.output, "output").value()["kept_now"], 0);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(GenerateData, TakesTheKeyFromTheKeychain) {
  if (const std::string tool = KeyringSession::missingTool(); !tool.empty())
    GTEST_SKIP() << tool << " is not installed";
  const KeyringSession session(folder_.path());
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    return ScriptedReply{.body = replyWithTasks(request.body, 4)};
  });
  // Put there, and put there again in its place; neither is told.
  for (const char* key : {"an-earlier-key\n", " keychain-key \n"}) {
    const ProgramRun set = runProgram("z2all", {"key", "set", "made-up"}, key);
    EXPECT_EQ(set.exitCode, 0) << set.errors;
    EXPECT_THAT(set.errors, HasSubstr("keychain:made-up"));
    EXPECT_THAT(set.output + set.errors, Not(HasSubstr("-key\n")));
  }
  const auto generateWith = [&](const std::string& key) {
    return runProgram("z2all", arguments(server.url(), "4", {"--key-file", "keychain:" + key}));
  };
  const ProgramRun done = generateWith("made-up");
  EXPECT_EQ(done.exitCode, 0) << done.errors;
  ASSERT_FALSE(server.requests().empty()) << done.errors;
  EXPECT_EQ(server.requests()[0].bearer, "Bearer keychain-key");
  EXPECT_THAT(done.output + done.errors, Not(HasSubstr("keychain-key")));
  checkFiles(4);
  const ProgramRun other = generateWith("another");
  EXPECT_EQ(other.exitCode, 3) << other.errors;
  EXPECT_THAT(other.errors, HasSubstr("z2all key set another"));
  // Taken out, it is gone; what is not there cannot be taken out.
  EXPECT_EQ(runProgram("z2all", {"key", "delete", "made-up"}).exitCode, 0);
  EXPECT_EQ(runProgram("z2all", {"key", "delete", "made-up"}).exitCode, 3);
  EXPECT_EQ(generateWith("made-up").exitCode, 3);
}

TEST_F(GenerateData, SaysThatNoKeychainIsThere) {
  if (!findOnPath("secret-tool")) GTEST_SKIP() << "secret-tool is not installed";
  ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus", 1);
  const ProgramRun set = runProgram("z2all", {"key", "set", "made-up"}, "keychain-key\n");
  ::setenv("DBUS_SESSION_BUS_ADDRESS", "", 1);
  EXPECT_EQ(set.exitCode, 4) << set.errors;
  EXPECT_THAT(set.errors, HasSubstr("no keychain answers: secret-tool: "));
  EXPECT_THAT(set.errors, HasSubstr("keep the key in a file"));
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const ProgramRun without = runProgram("z2all", {"key", "set", "made-up"}, "keychain-key\n");
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(without.exitCode, 4) << without.errors;
  EXPECT_THAT(without.errors, HasSubstr("libsecret-tools"));
}

TEST_F(GenerateData, RefusesWhatIsNoKeyAndNoName) {
  EXPECT_EQ(runProgram("z2all", {"key", "set", "two words"}, "key\n").exitCode, 2);
  EXPECT_EQ(runProgram("z2all", {"key", "set", ""}, "key\n").exitCode, 2);
  if (!findOnPath("secret-tool")) GTEST_SKIP() << "secret-tool is not installed";
  EXPECT_EQ(runProgram("z2all", {"key", "set", "made-up"}, "\n").exitCode, 3);
  EXPECT_EQ(runProgram("z2all", {"key", "set", "made-up"}, "two words\n").exitCode, 3);
}

TEST_F(GenerateData, KilledAtAnyMomentItGoesOn) {
  const ScriptedServer server([](const ScriptedRequest& request, int number) -> ScriptedReply {
    if (number % 5 == 4) return {.status = number % 2 == 0 ? 429 : 500, .body = "busy"};
    if (number % 7 == 6) return {.body = replyWithTasks(request.body, 4), .bytes = 150};
    return {.body = replyWithTasks(request.body, 4),
            .delay = std::chrono::milliseconds(number % 3)};
  });
  int kills = 0;
  for (uint64_t target = 10; target < 200; target += 17) {
    auto program =
        PipedProcess::spawn(fs::path(Z2_BINARY_DIR) / "bin/z2all", arguments(server.url(), "200"),
                            {}, folder_.path() / "errors");
    ASSERT_TRUE(program) << program.error().text();
    while (lines() < target && isAlive(program->id())) std::this_thread::sleep_for(1ms);
    ::kill(static_cast<pid_t>(program->id().pid), SIGKILL);
    if (program->wait().signal == SIGKILL) ++kills;
  }
  EXPECT_GE(kills, 5);
  const ProgramRun done = runProgram("z2all", arguments(server.url(), "200"));
  ASSERT_EQ(done.exitCode, 0) << done.errors;
  checkFiles(200);
}

TEST_F(GenerateData, AnInterruptEndsItInOrder) {
  const ScriptedServer server([](const ScriptedRequest& request, int number) -> ScriptedReply {
    return {.body = replyWithTasks(request.body, 4), .delay = number < 3 ? 0ms : 30s};
  });
  auto program = PipedProcess::spawn(fs::path(Z2_BINARY_DIR) / "bin/z2all",
                                     arguments(server.url(), "100"), {}, folder_.path() / "errors");
  ASSERT_TRUE(program) << program.error().text();
  while (lines() < 12 && isAlive(program->id())) std::this_thread::sleep_for(1ms);
  ::kill(static_cast<pid_t>(program->id().pid), SIGINT);
  std::string line;
  ASSERT_EQ(program->readLine(line), LineReader::Outcome::kLine);
  const Json json = parseJson(line, "output").value();
  EXPECT_EQ(json["kept"], 12);
  EXPECT_EQ(json["finished"], false);
  EXPECT_EQ(program->wait().code, 5);
  EXPECT_THAT(readFile(folder_.path() / "errors").value(), HasSubstr("the same command goes on"));
  checkFiles(12);
  EXPECT_THAT(readFile(taskPathsOf(output_).journal).value(), HasSubstr(R"({"closed":true})"));
}

TEST_F(GenerateData, RefusesWhatCannotWork) {
  const auto refused = [&](std::vector<std::string> list, int exitCode, const char* words) {
    const ProgramRun run = runProgram("z2all", list);
    EXPECT_EQ(run.exitCode, exitCode) << run.errors;
    EXPECT_THAT(run.errors, HasSubstr(words));
    EXPECT_FALSE(fs::exists(taskPathsOf(output_).journal));
  };
  refused(arguments("example.com", "5"), 2, "no address of a server");
  refused(arguments("http://127.0.0.1:1", "5", {"--examples", "20"}), 3, "too few");
  refused(arguments("http://127.0.0.1:1", "5", {"--fields", "[1]"}), 2, "--fields");
  refused(arguments("http://127.0.0.1:1", "5", {"--max-cost", "1"}), 2, "--price-in");
  refused(arguments("http://127.0.0.1:1", "5", {"--key-file", "/nowhere"}), 3, "/nowhere");
  ASSERT_TRUE(replaceFile(output_, "mine\n"));
  refused(arguments("http://127.0.0.1:1", "5"), 3, "this file is there already");
  EXPECT_EQ(readFile(output_).value(), "mine\n");
  fs::remove(output_);
  const ProgramRun run = runProgram("z2all", arguments("http://127.0.0.1:1", "5"));
  EXPECT_EQ(run.exitCode, 4);
  EXPECT_THAT(run.errors, HasSubstr("cannot be reached"));
}

// A model of some thousand weights has no task to offer; what it says is kept with its reason.
TEST_F(GenerateData, AsksOurOwnServer) {
  const fs::path model = folder_.path() / "model";
  copyTinyModel(model);
  Json config = readJsonFile(model / "config.json").value();
  config["max_position_embeddings"] = 8192;
  ASSERT_TRUE(writeJsonFile(model / "config.json", config));
  auto server = PipedProcess::spawn(
      fs::path(Z2_BINARY_DIR) / "bin/z2all",
      {"serve", "--model", model.native(), "--device", "cpu", "--threads", "1", "--parallel", "2"},
      {}, folder_.path() / "server-errors");
  ASSERT_TRUE(server) << server.error().text();
  std::string line;
  ASSERT_EQ(server->readLine(line), LineReader::Outcome::kLine)
      << readFile(folder_.path() / "server-errors").value_or("");
  const std::string url = parseJson(line, "url").value()["url"];
  const ProgramRun done = runProgram("z2all", arguments(url, "50",
                                                        {"--max-requests", "4", "--requests", "2",
                                                         "--max-tokens", "12", "--retries", "2"}));
  signalGroup(server->id(), SIGTERM);
  ASSERT_EQ(done.exitCode, 0) << done.errors;
  const Json json = parseJson(done.output, "output").value();
  EXPECT_EQ(json["requests"], 4);
  EXPECT_EQ(json["kept"], 0);
  EXPECT_EQ(json["requests_without_usage"], 0);
  EXPECT_GT(json["prompt_tokens"].get<int64_t>(), 4 * 1000);
  // Cut off each time, each request is made twice more.
  EXPECT_GT(json["attempts"].get<int64_t>(), 4);
  checkFiles(0);
  EXPECT_EQ(readDroppedTasks(taskPathsOf(output_).dropped)->size(), 4U);
}

}  // namespace
}  // namespace z2
