// z2all serve, asked over a real socket, on a tiny model.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/piped_process.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/http_client.h"
#include "tests/app/cli/program.h"
#include "tests/app/cli/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kChat = "/v1/chat/completions";
constexpr const char* kComplete = "/v1/completions";

class ServeCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = folder_.path() / "model";
    copyTinyModel(model_);
  }
  void TearDown() override {
    if (server_) signalGroup(server_->id(), SIGTERM);
  }

  HttpClient start(const std::vector<std::string>& further = {}) {
    std::vector<std::string> arguments = {
        "serve", "--model", model_.native(), "--device", "cpu", "--threads", "1"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    auto spawned = PipedProcess::spawn(fs::path(Z2_BINARY_DIR) / "bin/z2all", arguments, {},
                                       folder_.path() / "errors");
    EXPECT_TRUE(spawned) << spawned.error().text();
    server_.emplace(*std::move(spawned));
    std::string line;
    EXPECT_EQ(server_->readLine(line), LineReader::Outcome::kLine)
        << readFile(folder_.path() / "errors").value_or("");
    const auto url = parseJson(line, "url").value_or(Json::object()).value("url", std::string());
    EXPECT_THAT(url, StartsWith("http://127.0.0.1:"));
    return HttpClient(static_cast<uint16_t>(std::atoi(url.substr(url.rfind(':') + 1).c_str())));
  }
  // What `z2all generate` says to the same prompt.
  std::string generated(const std::string& prompt, const char* tokens) {
    const ProgramRun done =
        runProgram("z2all", {"generate", "--model", model_.native(), "--prompt", prompt,
                             "--max-new-tokens", tokens, "--device", "cpu", "--json"});
    return parseJson(done.output, "output").value()["text"].get<std::string>();
  }

  TemporaryFolder folder_;
  fs::path model_;
  std::optional<PipedProcess> server_;
};

TEST_F(ServeCommand, CompletesAsGenerateDoes) {
  const HttpClient client = start({"--name", "tiny"});
  const Json models = client.get("/v1/models").json();
  EXPECT_EQ(models["data"][0]["id"], "tiny");
  const Json reply =
      client.post(kComplete, R"({"prompt":"\".G","max_tokens":12,"temperature":0})").json();
  EXPECT_EQ(reply["object"], "text_completion");
  EXPECT_EQ(reply["choices"][0]["text"], generated("\".G", "12"));
  EXPECT_EQ(reply["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(reply["usage"],
            Json({{"prompt_tokens", 3}, {"completion_tokens", 12}, {"total_tokens", 15}}));
  // The same by token ids, and two prompts in one request.
  const Json both = client
                        .post(kComplete, R"({"prompt":[[5,17,42],[88]],"max_tokens":12,)"
                                         R"("temperature":0})")
                        .json();
  EXPECT_EQ(both["choices"][0]["text"], reply["choices"][0]["text"]);
  EXPECT_EQ(both["choices"][1]["index"], 1);
}

TEST_F(ServeCommand, AStreamGivesTheSameInPieces) {
  const HttpClient client = start();
  const std::string ask = R"({"messages":[{"role":"user","content":"a"}],"max_tokens":6,)"
                          R"("temperature":0)";
  const Json whole = client.post(kChat, ask + "}").json();
  EXPECT_EQ(whole["object"], "chat.completion");
  EXPECT_EQ(whole["choices"][0]["message"]["role"], "assistant");
  const HttpResult stream =
      client.post(kChat, ask + R"(,"stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_THAT(stream.headers.at("Content-Type"), StartsWith("text/event-stream"));
  const std::vector<std::string> events = stream.events();
  ASSERT_GE(events.size(), 4U);
  EXPECT_EQ(events.back(), "[DONE]");
  std::string text;
  std::string reason;
  for (size_t i = 0; i + 2 < events.size(); ++i) {
    const Json chunk = parseJson(events[i], "chunk").value();
    EXPECT_EQ(chunk["object"], "chat.completion.chunk");
    const Json& choice = chunk["choices"][0];
    text += choice["delta"].value("content", "");
    if (choice["finish_reason"].is_string()) reason = choice["finish_reason"];
  }
  EXPECT_EQ(text, whole["choices"][0]["message"]["content"].get<std::string>());
  EXPECT_EQ(reason, whole["choices"][0]["finish_reason"].get<std::string>());
  EXPECT_EQ(parseJson(events[events.size() - 2], "usage").value()["usage"], whole["usage"]);
}

TEST_F(ServeCommand, SeedsStopsAndProbabilities) {
  const HttpClient client = start();
  const auto draw = [&](const std::string& further) {
    return client.post(kComplete, R"({"prompt":"a","max_tokens":14)" + further + "}").json();
  };
  EXPECT_EQ(draw(R"(,"seed":5)")["choices"], draw(R"(,"seed":5)")["choices"]);
  EXPECT_NE(draw(R"(,"seed":5)")["choices"], draw(R"(,"seed":6)")["choices"]);
  const Json several = draw(R"(,"seed":5,"n":2)")["choices"];
  EXPECT_EQ(several[0]["text"], draw(R"(,"seed":5)")["choices"][0]["text"]);
  EXPECT_NE(several[0]["text"], several[1]["text"]);

  const auto text = draw(R"(,"temperature":0)")["choices"][0]["text"].get<std::string>();
  const std::string stop = text.substr(3, 2);
  const Json stopped =
      client
          .post(kComplete,
                Json({{"prompt", "a"}, {"max_tokens", 14}, {"temperature", 0}, {"stop", stop}})
                    .dump())
          .json();
  EXPECT_EQ(stopped["choices"][0]["text"], text.substr(0, text.find(stop)));
  EXPECT_EQ(stopped["choices"][0]["finish_reason"], "stop");

  const Json logProbs = draw(R"(,"temperature":0,"logprobs":2)")["choices"][0]["logprobs"];
  EXPECT_EQ(logProbs["tokens"].size(), 14U);
  EXPECT_EQ(logProbs["top_logprobs"][0].size(), 2U);
  EXPECT_LE(logProbs["token_logprobs"][0].get<double>(), 0);
}

TEST_F(ServeCommand, ErrorsSayWhatIsWrong) {
  const HttpClient client = start();
  const struct {
    const char* path;
    std::string body;
    int status;
    const char* words;
  } rows[] = {
      {kChat, "{", 400, "body"},
      {kChat, R"({"messages":[]})", 400, "messages"},
      {kComplete, R"({"prompt":"a","temperature":-1})", 400, "temperature"},
      {kComplete, Json({{"prompt", std::string(40, 'a')}}).dump(), 400, "context_length_exceeded"},
      {kComplete, R"({"prompt":[999]})", 400, "token 999"},
      {"/v1/embeddings", "{}", 404, "/v1/chat/completions"},
      {"/v1/models", "{}", 405, "GET"},
  };
  for (const auto& row : rows) {
    const HttpResult reply = client.post(row.path, row.body);
    EXPECT_EQ(reply.status, row.status) << row.body;
    EXPECT_TRUE(reply.json()["error"].contains("message")) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(row.words));
  }
  EXPECT_EQ(client.get(kChat).status, 405);
  EXPECT_EQ(client.get("/v1/models/other").status, 404);
  EXPECT_EQ(client.get("/health").json()["status"], "ok");
}

TEST_F(ServeCommand, AKeyIsAskedFor) {
  ASSERT_TRUE(replaceFile(folder_.path() / "key", " secret-1 \n"));
  const HttpClient client = start({"--key-file", (folder_.path() / "key").native()});
  const std::string ask = R"({"prompt":"a","max_tokens":1})";
  EXPECT_EQ(client.post(kComplete, ask).status, 401);
  HttpClient wrong = client;
  EXPECT_EQ(wrong.withHeader("Authorization: Bearer secret-2").post(kComplete, ask).status, 401);
  HttpClient right = client;
  EXPECT_EQ(right.withHeader("Authorization: Bearer secret-1").post(kComplete, ask).status, 200);
  EXPECT_EQ(client.get("/health").status, 200);
}

TEST_F(ServeCommand, AForeignWebPageIsRefused) {
  const HttpClient client = start();
  HttpClient page = client;
  page.withHeader("Origin: https://example.org");
  EXPECT_EQ(page.post(kComplete, R"({"prompt":"a"})").status, 403);
  HttpClient own = client;
  own.withHeader("Origin: http://localhost:3000");
  EXPECT_EQ(own.post(kComplete, R"({"prompt":"a"})").status, 200);
}

TEST_F(ServeCommand, ManyClientsAreAnsweredAsOneAlone) {
  const HttpClient client = start({"--parallel", "2"});
  const auto ask = [&client](int seed) {
    return client
        .post(kComplete, R"({"prompt":"a","max_tokens":20,"seed":)" + std::to_string(seed) + "}")
        .json()["choices"];
  };
  std::vector<Json> alone;
  for (int seed = 0; seed < 8; ++seed) alone.push_back(ask(seed));
  std::vector<std::future<Json>> together;
  for (int seed = 0; seed < 8; ++seed)
    together.push_back(std::async(std::launch::async, ask, seed));
  for (size_t seed = 0; seed < 8; ++seed) EXPECT_EQ(together[seed].get(), alone[seed]) << seed;
}

TEST_F(ServeCommand, AClientThatGoesFreesItsPlace) {
  // So long an answer that it does not end by itself during the test.
  Json config = readJsonFile(model_ / "config.json").value();
  config["max_position_embeddings"] = 200'000;
  ASSERT_TRUE(writeJsonFile(model_ / "config.json", config));
  const HttpClient client = start({"--parallel", "1"});
  const std::string ask = R"({"prompt":"a","max_tokens":199999,"ignore_eos":true,"stream":true,)"
                          R"("seed":1,"temperature":100})";
  client.postAndLeave(kComplete, ask, 2000);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  Json health = client.get("/health").json();
  while (health["running"] != 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    health = client.get("/health").json();
  }
  EXPECT_EQ(health["running"], 0);
  EXPECT_EQ(client.post(kComplete, R"({"prompt":"a","max_tokens":2})").status, 200);
}

TEST_F(ServeCommand, ATerminationIsItsGoodEnd) {
  const HttpClient client = start();
  signalGroup(server_->id(), SIGTERM);
  EXPECT_EQ(server_->wait().code, 0);
  EXPECT_EQ(client.get("/health").status, 0);
  server_.reset();
}

TEST_F(ServeCommand, TheEndOfTheEngineIsToldToTheClient) {
  const HttpClient client = start();
  const int64_t server = server_->id().pid;
  const std::string children =
      readFile("/proc/" + std::to_string(server) + "/task/" + std::to_string(server) + "/children")
          .value();
  ::kill(std::atoi(children.c_str()), SIGKILL);
  EXPECT_EQ(server_->wait().code, 4);
  EXPECT_THAT(readFile(folder_.path() / "errors").value(), HasSubstr("SIGKILL"));
  server_.reset();
}

}  // namespace
}  // namespace z2
