// Against a real server on this machine that does what servers do.

#include "core/instruct/instruction_generator.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/http/endpoint_url.h"
#include "tests/support/scripted_server.h"
#include "tests/support/task_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

ScriptedReply good(const ScriptedRequest& request, size_t tasks = 4) {
  return {.body = replyWithTasks(request.body, tasks)};
}

class Generator : public ::testing::Test {
 protected:
  GeneratorOptions options(const ScriptedServer& server, uint64_t count) const {
    GeneratorOptions options;
    options.url = chatUrlOf(server.url()).value();
    options.chat.model = "made-up";
    for (size_t i = 0; i < 10; ++i) options.seeds.tasks.push_back(madeUpTask(900 + i));
    options.output = output_;
    options.count = count;
    options.perRequest = 4;
    options.parallel = 3;
    options.retry.firstWait = 1ms;
    options.retry.longestWait = 4ms;
    return options;
  }
  // Runs, checks the files, and says how it ended.
  std::string run(const GeneratorOptions& options) {
    auto generator = InstructionGenerator::open(options);
    if (!generator) return generator.error().text();
    const Result<void> outcome = generator->run();
    summary_ = generator->summary();
    checkFiles(summary_);
    return outcome ? "done" : outcome.error().text();
  }
  // Nothing is there twice, the journal has every task once, and the numbers are right.
  void checkFiles(const GeneratorSummary& summary) {
    const TaskPaths paths = taskPathsOf(output_);
    const auto kept = readKeptTasks(paths.kept).value();
    const auto dropped = readDroppedTasks(paths.dropped).value();
    EXPECT_EQ(kept.size(), summary.kept);
    std::set<std::string> different;
    for (const InstructionTask& task : kept) different.insert(task.instruction);
    EXPECT_EQ(different.size(), kept.size());
    size_t journaledKept = 0;
    size_t journaledDropped = 0;
    std::set<uint64_t> requests;
    std::string text = readFile(paths.journal).value();
    for (size_t at = 0; at < text.size();) {
      const size_t end = text.find('\n', at);
      const Json line = parseJson(text.substr(at, end - at), "journal").value();
      at = end + 1;
      if (!line.contains("request")) continue;
      EXPECT_TRUE(requests.insert(line["request"].get<uint64_t>()).second);
      journaledKept += line["kept"].size();
      journaledDropped += line["dropped"].size();
    }
    EXPECT_EQ(journaledKept, kept.size());
    EXPECT_EQ(journaledDropped, dropped.size());
    EXPECT_EQ(requests.size(), summary.totals.requests);
  }

  TemporaryFolder folder_;
  std::filesystem::path output_ = folder_.path() / "new.jsonl";
  GeneratorSummary summary_;
};

TEST_F(Generator, KeepsExactlyWhatWasAskedForAndCounts) {
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    ScriptedReply reply = good(request);
    reply.delay = 30ms;
    return reply;
  });
  GeneratorOptions asked = options(server, 18);
  asked.key = "secret";
  asked.priceIn = 2;
  asked.priceOut = 4;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.kept, 18U);
  EXPECT_EQ(summary_.totals.requests, 5U);
  EXPECT_EQ(summary_.dropped["more than asked for"], 2U);
  EXPECT_EQ(summary_.totals.promptTokens, 500);
  EXPECT_DOUBLE_EQ(summary_.cost, (500 * 2 + 250 * 4) / 1e6);
  EXPECT_GT(server.mostAtOnce(), 1);
  EXPECT_LE(server.mostAtOnce(), 3);
  EXPECT_EQ(server.requests()[0].bearer, "Bearer secret");
  EXPECT_EQ(server.requests()[0].path, "/v1/chat/completions");
  const Json body = parseJson(server.requests()[0].body, "body").value();
  EXPECT_EQ(body["model"], "made-up");
  EXPECT_THAT(body["messages"][0]["content"].get<std::string>(), HasSubstr("tasks 4 to 7"));

  // Asked for more, it goes on with further requests; the key stands nowhere.
  asked.count = 26;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.kept, 26U);
  EXPECT_EQ(summary_.totals.requests, 7U);
  std::set<std::string> bodies;
  for (const ScriptedRequest& request : server.requests()) bodies.insert(request.body);
  EXPECT_GE(bodies.size(), 7U);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(readFile(entry.path())->find("secret"), std::string::npos) << entry.path();
}

// Every third request is answered well, the others in each wrong way there is.
TEST_F(Generator, AServerThatDoesEverythingWrong) {
  const ScriptedServer server([](const ScriptedRequest& request, int number) -> ScriptedReply {
    if (number % 3 == 2) return good(request);
    switch (number / 3 * 2 + number % 3) {
      case 0:
        return {.status = 429, .body = "busy", .headers = {"Retry-After: 0"}};
      case 1:
        return {.status = 500, .body = "<html>oops</html>"};
      case 2:
        return {.body = "<html>log in</html>"};
      case 3:
        return {.body = R"({"choices":[{"text":"a completion, no chat"}]})"};
      case 4:
        return {.bytes = 0};
      case 5: {
        ScriptedReply reply = good(request);
        reply.bytes = 200;
        return reply;
      }
      case 6:
        return {.body = "{\"choices\":[{\"mess"};
      case 7:
        return {.delay = 20s};  // over the time given
      case 8:
        return {.status = 503, .body = R"({"error":{"message":"loading"}})"};
      default:
        return {.status = 502, .body = ""};
    }
  });
  GeneratorOptions asked = options(server, 20);
  asked.timeout = 2s;
  asked.retry.most = 50;
  std::vector<std::string> notices;
  asked.onNotice = [&](const std::string& notice) { notices.push_back(notice); };
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.kept, 20U);
  EXPECT_EQ(summary_.totals.requests, 5U);
  EXPECT_GT(summary_.totals.attempts, 10U);
  EXPECT_THAT(notices, ::testing::Contains(HasSubstr("HTTP 429: busy; again in")));
  EXPECT_THAT(notices, ::testing::Contains(HasSubstr("no answer came in time")));
}

TEST_F(Generator, AFailureThatStaysEndsItAndTheNextCallGoesOn) {
  std::atomic<bool> isBroken = false;
  const ScriptedServer server([&](const ScriptedRequest& request, int) -> ScriptedReply {
    if (isBroken) return {.status = 500, .body = "down"};
    return good(request);
  });
  GeneratorOptions asked = options(server, 8);
  asked.retry.most = 3;
  EXPECT_EQ(run(asked), "done");
  isBroken = true;
  asked.count = 16;
  EXPECT_THAT(run(asked), testing::AllOf(HasSubstr("failed 4 times"), HasSubstr("HTTP 500: down"),
                                         HasSubstr("goes on")));
  EXPECT_EQ(summary_.kept, 8U);
  isBroken = false;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.kept, 16U);
}

TEST_F(Generator, WhatCannotGetBetterEndsItAtOnce) {
  const ScriptedServer server([](const ScriptedRequest&, int) -> ScriptedReply {
    return {.status = 401, .body = R"({"error":{"message":"wrong key"}})"};
  });
  GeneratorOptions asked = options(server, 8);
  asked.parallel = 1;
  EXPECT_THAT(run(asked), HasSubstr("wrong key"));
  EXPECT_EQ(server.requests().size(), 1U);

  const ScriptedServer patient([](const ScriptedRequest&, int) -> ScriptedReply {
    return {.status = 429, .headers = {"Retry-After: 86400"}};
  });
  EXPECT_THAT(run(options(patient, 8)), HasSubstr("asks for a wait of 24 h"));
}

TEST_F(Generator, ABusyServerIsGivenTheTimeItAsksFor) {
  const ScriptedServer server([](const ScriptedRequest& request, int number) -> ScriptedReply {
    if (number == 0) return {.status = 429, .headers = {"Retry-After: 1"}};
    return good(request);
  });
  GeneratorOptions asked = options(server, 8);
  asked.parallel = 1;
  std::string notice;
  asked.onNotice = [&](const std::string& said) { notice = said; };
  EXPECT_EQ(run(asked), "done");
  EXPECT_THAT(notice, HasSubstr("again in 1 s"));
}

TEST_F(Generator, EachDroppedTaskHasItsReason) {
  const ScriptedServer server([](const ScriptedRequest&, int number) -> ScriptedReply {
    const auto task = [](const std::string& instruction, const std::string& output) {
      return "Instruction: " + instruction + "\nOutput: " + output + "\n";
    };
    if (number == 0) return {.body = replyWithText("I would rather not.")};
    if (number == 1)
      return {.body = replyWithText(
                  task("Name a river in Europe", "Rhine") + task("Name a river in Europe", "Oder") +
                  task("Short", "x") + task("Describe this photo for me", "x") +
                  task("Say nothing about the weather", "") + task("用中文写一首诗", "好") +
                  task(madeUpTask(903).instruction, "x"))};
    return {.body = replyWithText(task("Explain how rain forms above mountains", "Air rises.") +
                                      "Instruction: Explain why bread ri",
                                  "length")};
  });
  GeneratorOptions asked = options(server, 2);
  asked.parallel = 1;
  asked.perRequest = 1;
  asked.filter.banned = defaultBannedWords(InstructionLanguage::kEnglish);
  EXPECT_EQ(run(asked), "done");
  const std::map<std::string, uint64_t> expected = {{"no task in the answer", 1},
                                                    {"too similar", 2},
                                                    {"too short", 1},
                                                    {"banned word", 1},
                                                    {"no output", 1},
                                                    {"another language", 1},
                                                    {"cut off", 1}};
  EXPECT_EQ(summary_.dropped, expected);
  const auto dropped = readDroppedTasks(taskPathsOf(output_).dropped).value();
  EXPECT_EQ(dropped[0].answer, "I would rather not.");
  EXPECT_EQ(dropped[1].detail, "1.00: Name a river in Europe");
}

TEST_F(Generator, AnswersCutOffBeforeTheirFirstTaskAreAskedForAgain) {
  const ScriptedServer server([](const ScriptedRequest& request, int number) -> ScriptedReply {
    if (number < 2) return {.body = replyWithText("Instruction: Tell me a", "length")};
    return good(request);
  });
  GeneratorOptions asked = options(server, 4);
  asked.parallel = 1;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.totals.requests, 1U);
  EXPECT_EQ(summary_.totals.attempts, 3U);
  EXPECT_EQ(summary_.totals.promptTokens, 300);  // what was thrown away was paid for, too
  std::set<std::string> bodies;                  // another seed each time
  for (const ScriptedRequest& request : server.requests()) bodies.insert(request.body);
  EXPECT_EQ(bodies.size(), 3U);
}

TEST_F(Generator, LimitsEndItInOrder) {
  const ScriptedServer server([](const ScriptedRequest& request, int) { return good(request, 1); });
  GeneratorOptions asked = options(server, 100);
  asked.mostRequests = 5;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.totals.requests, 5U);
  EXPECT_FALSE(summary_.isFinished());
  asked.mostRequests = 0;
  asked.parallel = 1;
  asked.priceIn = 10'000;  // 1.0 a request
  asked.mostCost = 8;
  EXPECT_EQ(run(asked), "done");
  EXPECT_EQ(summary_.totals.requests, 8U);

  const ScriptedServer same(
      [](const ScriptedRequest&, int) -> ScriptedReply { return {.body = replyWithText("no")}; });
  GeneratorOptions hopeless = options(same, 100);
  hopeless.mostFruitless = 4;
  EXPECT_THAT(run(hopeless), HasSubstr("the last 4 answers had nothing to keep (4 × no task"));
}

TEST_F(Generator, WhatWasRemovedByHandDoesNotComeBack) {
  const ScriptedServer server([](const ScriptedRequest&, int number) -> ScriptedReply {
    const InstructionTask task = madeUpTask(static_cast<size_t>(number / 2));
    return {.body = replyWithText("Instruction: " + task.instruction + "\nOutput: x")};
  });
  GeneratorOptions asked = options(server, 2);
  asked.parallel = 1;
  asked.perRequest = 1;
  EXPECT_EQ(run(asked), "done");
  {
    TaskStore store = TaskStore::open(output_, Json::object()).value();
    ASSERT_TRUE(store.removeTask(1));
  }
  auto generator = InstructionGenerator::open(asked).value();
  ASSERT_TRUE(generator.run());
  const auto kept = readKeptTasks(output_).value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].instruction, madeUpTask(2).instruction);
}

}  // namespace
}  // namespace z2
