#include "core/http/http_client.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_server.h"

namespace z2 {
namespace {

using namespace std::chrono_literals;
using Outcome = HttpAnswer::Outcome;

// The answers to what was started, by number.
std::map<int64_t, HttpAnswer> collect(HttpClient& client, size_t count) {
  std::map<int64_t, HttpAnswer> answers;
  while (answers.size() < count) {
    std::vector<HttpAnswer> ended = client.poll(100ms).value();
    for (HttpAnswer& answer : ended) answers.emplace(answer.number, std::move(answer));
  }
  return answers;
}

HttpAnswer post(const std::string& url, std::chrono::milliseconds timeout = 20s) {
  HttpClient client = HttpClient::open().value();
  EXPECT_TRUE(client.start(7, {.url = url, .bearer = "key", .body = "{}", .timeout = timeout}));
  return collect(client, 1).at(7);
}

TEST(HttpClient, PostsAndAnswersSeveralAtOnce) {
  const ScriptedServer server([](const ScriptedRequest& request, int) {
    return ScriptedReply{.body = "echo " + request.body, .delay = 60ms};
  });
  HttpClient client = HttpClient::open().value();
  for (int64_t i = 0; i < 6; ++i)
    ASSERT_TRUE(client.start(
        i, {.url = server.url() + "/v1", .bearer = "secret", .body = std::to_string(i)}));
  const auto answers = collect(client, 6);
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(answers.at(i).status, 200);
    EXPECT_EQ(answers.at(i).body, "echo " + std::to_string(i));
  }
  EXPECT_GT(server.mostAtOnce(), 1);
  for (const ScriptedRequest& request : server.requests()) {
    EXPECT_EQ(request.path, "/v1");
    EXPECT_EQ(request.bearer, "Bearer secret");
  }
}

TEST(HttpClient, StatusAndWaitThatTheServerAsksFor) {
  const ScriptedServer server([](const ScriptedRequest&, int) {
    return ScriptedReply{.status = 429, .body = "busy", .headers = {"Retry-After: 17"}};
  });
  const HttpAnswer answer = post(server.url());
  EXPECT_EQ(answer.outcome, Outcome::kAnswered);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.retryAfter, 17s);
  EXPECT_EQ(answer.body, "busy");
}

TEST(HttpClient, ARedirectIsNotFollowed) {
  const ScriptedServer other([](const ScriptedRequest&, int) { return ScriptedReply{}; });
  const ScriptedServer server([&](const ScriptedRequest&, int) {
    return ScriptedReply{.status = 307, .headers = {"Location: " + other.url()}};
  });
  EXPECT_EQ(post(server.url()).status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpClient, BrokenConnectionsAndTimeouts) {
  const ScriptedServer silent(
      [](const ScriptedRequest&, int) { return ScriptedReply{.bytes = 0}; });
  EXPECT_EQ(post(silent.url()).outcome, Outcome::kBroken);
  const ScriptedServer half([](const ScriptedRequest&, int) {
    return ScriptedReply{.body = std::string(1000, 'x'), .bytes = 300};
  });
  const HttpAnswer broken = post(half.url());
  EXPECT_EQ(broken.outcome, Outcome::kBroken);
  EXPECT_FALSE(broken.failure.empty());
  const ScriptedServer slow(
      [](const ScriptedRequest&, int) { return ScriptedReply{.delay = 30s}; });
  EXPECT_EQ(post(slow.url(), 100ms).outcome, Outcome::kTimeout);
}

TEST(HttpClient, NobodyListens) {
  uint16_t port = 0;
  {
    const ScriptedServer gone([](const ScriptedRequest&, int) { return ScriptedReply{}; });
    port = gone.port();
  }
  const HttpAnswer answer = post("http://127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(answer.outcome, Outcome::kUnreachable);
}

TEST(HttpClient, CancelledRequestsAreNotAnswered) {
  const ScriptedServer server([](const ScriptedRequest&, int number) {
    return ScriptedReply{.body = "x", .delay = number == 0 ? 30s : 0s};
  });
  HttpClient client = HttpClient::open().value();
  ASSERT_TRUE(client.start(1, {.url = server.url(), .bearer = {}, .body = "a"}));
  while (server.requests().empty()) ASSERT_TRUE(client.poll(20ms).value().empty());
  client.cancel(1);
  ASSERT_TRUE(client.start(2, {.url = server.url(), .bearer = {}, .body = "b"}));
  EXPECT_EQ(collect(client, 1).begin()->first, 2);
  EXPECT_TRUE(server.requests()[1].bearer.empty());
}

}  // namespace
}  // namespace z2
