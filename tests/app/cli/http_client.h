#pragma once

// A small HTTP client over a plain socket: what a test of the server needs and no more.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/io/json.h"

namespace z2 {

struct HttpResult {
  int status = 0;  // 0: there was no answer
  std::map<std::string, std::string> headers;
  std::string body;  // chunks put together

  [[nodiscard]] Json json() const { return parseJson(body, "reply").value_or(Json()); }
  // The data of each server-sent event.
  [[nodiscard]] std::vector<std::string> events() const;
};

class HttpClient {
 public:
  explicit HttpClient(uint16_t port) : port_(port) {}

  // With "Authorization: Bearer KEY" when a key was set, and further headers ("Name: value").
  [[nodiscard]] HttpResult get(const std::string& path) const;
  [[nodiscard]] HttpResult post(const std::string& path, const std::string& body) const;
  // Sends the request, waits for the first `bytes` bytes of the answer, and goes away.
  void postAndLeave(const std::string& path, const std::string& body, size_t bytes) const;

  HttpClient& withHeader(std::string line) {
    headers_.push_back(std::move(line));
    return *this;
  }

 private:
  [[nodiscard]] int connectAndSend(const std::string& method, const std::string& path,
                                   const std::string& body) const;
  [[nodiscard]] HttpResult ask(const std::string& method, const std::string& path,
                               const std::string& body) const;

  uint16_t port_;
  std::vector<std::string> headers_;
};

}  // namespace z2
