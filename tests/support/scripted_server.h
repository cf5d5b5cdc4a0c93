#pragma once

// An HTTP server that does what a test tells it to, also what no server should do: slow, cut off,
// not HTTP's or not the API's words.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace z2 {

struct ScriptedRequest {
  std::string path;
  std::string bearer;
  std::string body;
};

struct ScriptedReply {
  int status = 200;
  std::string body = {};
  std::vector<std::string> headers = {};  // "Name: value"
  std::chrono::milliseconds delay{0};     // before the first byte
  size_t bytes = std::string::npos;       // so many are sent, then the connection is closed
};

// On 127.0.0.1, a free port, a connection a request; the script is called by one thread at a time.
class ScriptedServer {
 public:
  // `number`: of the request, from 0.
  using Script = std::function<ScriptedReply(const ScriptedRequest& request, int number)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<ScriptedRequest> requests() const;
  // The most that were under way at once.
  [[nodiscard]] int mostAtOnce() const { return mostAtOnce_; }

 private:
  void serve();
  void answer(int connection);

  Script script_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> isEnding_{false};
  mutable std::mutex mutex_;
  std::vector<ScriptedRequest> requests_;
  int atOnce_ = 0;
  std::atomic<int> mostAtOnce_{0};
  std::vector<std::jthread> answers_;
  std::jthread thread_;
};

}  // namespace z2
