#pragma once

// JSON posted to an HTTP or HTTPS server, many requests at once, on libcurl: proxies, certificates
// and compression as the machine has them. Redirects are not followed.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct HttpPost {
  std::string url = {};
  std::string bearer = {};  // of "Authorization: Bearer …"; empty: none
  std::string body = {};
  std::chrono::milliseconds timeout{300'000};  // from the start to the last byte of the answer
};

struct HttpAnswer {
  enum class Outcome {
    kAnswered,     // `status` and `body` are whole
    kUnreachable,  // no such host, or nobody listens
    kUntrusted,    // TLS did not work out: a certificate, a version
    kTimeout,
    kBroken,  // the connection ended before the answer did, or the answer is over 64 MiB
  };
  int64_t number = 0;
  Outcome outcome = Outcome::kAnswered;
  int status = 0;
  std::string body;
  std::chrono::seconds retryAfter{0};  // 0: the server did not say
  std::string failure;                 // what went wrong; empty when it was answered
};

// One thread at a time.
class HttpClient {
 public:
  // kEnvironment when the plug-in or libcurl is not there.
  [[nodiscard]] static Result<HttpClient> open();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient();  // gives up what is not answered

  // `number` names the answer; it must not be that of a request under way.
  [[nodiscard]] Result<void> start(int64_t number, const HttpPost& post);
  // Nothing when it has been answered.
  void cancel(int64_t number);
  // What has been answered; waits for up to `wait` for the first of them.
  [[nodiscard]] Result<std::vector<HttpAnswer>> poll(std::chrono::milliseconds wait);

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
