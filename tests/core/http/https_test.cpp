// TLS against openssl's own server; skipped where the program openssl is not installed.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/piped_process.h"
#include "core/http/http_client.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const fs::path kOpenssl = "/usr/bin/openssl";

// A server with a certificate of its own for 127.0.0.1, which says to its client what it is told.
class TlsServer {
 public:
  TlsServer() : certificate_(folder_.path() / "cert.pem") {
    const fs::path key = folder_.path() / "key.pem";
    auto maker = PipedProcess::spawn(
        kOpenssl,
        {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "3650", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key.native(), "-out", certificate_.native()},
        {}, folder_.path() / "req.log");
    EXPECT_TRUE(maker && maker->wait().code == 0);
    // A port that was free a moment ago.
    port_ = ScriptedServer([](const auto&, int) { return ScriptedReply{}; }).port();
    auto server =
        PipedProcess::spawn(kOpenssl,
                            {"s_server", "-quiet", "-accept", "127.0.0.1:" + std::to_string(port_),
                             "-cert", certificate_.native(), "-key", key.native()},
                            {}, folder_.path() / "server.log");
    EXPECT_TRUE(server);
    if (server) server_.emplace(*std::move(server));
  }
  ~TlsServer() {
    if (server_) signalGroup(server_->id(), SIGTERM);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  void say(const std::string& line) { EXPECT_TRUE(server_ && server_->writeLine(line)); }
  // The answer to one request; tries until the server listens.
  HttpAnswer ask() const {
    while (true) {
      HttpClient client = HttpClient::open().value();
      EXPECT_TRUE(client.start(1, {.url = "https://127.0.0.1:" + std::to_string(port_) + "/v1",
                                   .bearer = {},
                                   .body = "{}",
                                   .timeout = 20s}));
      std::vector<HttpAnswer> answers;
      while (answers.empty()) answers = client.poll(100ms).value();
      if (answers[0].outcome != HttpAnswer::Outcome::kUnreachable) return answers[0];
    }
  }
  [[nodiscard]] const fs::path& certificate() const { return certificate_; }

 private:
  TemporaryFolder folder_;
  fs::path certificate_;
  uint16_t port_ = 0;
  std::optional<PipedProcess> server_;
};

TEST(Https, OnlyCertificatesThatAreTrusted) {
  if (!fs::exists(kOpenssl)) GTEST_SKIP() << "openssl is not installed";
  TlsServer server;
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("CURL_CA_BUNDLE");
  const HttpAnswer refused = server.ask();
  EXPECT_EQ(refused.outcome, HttpAnswer::Outcome::kUntrusted);
  EXPECT_THAT(refused.failure, ::testing::HasSubstr("certificate"));
  ::setenv("SSL_CERT_FILE", server.certificate().c_str(), 1);
  server.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  const HttpAnswer answer = server.ask();
  ::unsetenv("SSL_CERT_FILE");
  EXPECT_EQ(answer.outcome, HttpAnswer::Outcome::kAnswered) << answer.failure;
  EXPECT_EQ(answer.body, "hello");
}

}  // namespace
}  // namespace z2
