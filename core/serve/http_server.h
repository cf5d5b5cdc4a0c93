#pragma once

// An HTTP/1.1 server for JSON and server-sent events, on libevent: one thread, one loop, any number
// of connections.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // "/v1/models", decoded, without the query
  std::string body;
  std::string bearer;  // of "Authorization: Bearer …"; empty: none
  std::string origin;  // empty unless a web page asks
  std::string host;    // of the header, without its port
  std::string client;  // "address:port" of the other side
};

// The answer to one request: send() once; or beginStream(), events, end(). What is sent to a client
// that has gone is dropped. Must not outlive its server.
class HttpReply {
 public:
  virtual ~HttpReply() = default;
  virtual void send(int status, const Json& body) = 0;
  virtual void beginStream() = 0;
  virtual void event(std::string_view data) = 0;
  virtual void end() = 0;
  // Called once if the client goes before the end.
  virtual void onGone(std::function<void()> callback) = 0;
};

class HttpServer {
 public:
  using Handler = std::function<void(const HttpRequest&, std::shared_ptr<HttpReply>)>;

  // Listens; port 0 takes a free one. Bodies of more than `bodyLimit` bytes are refused.
  [[nodiscard]] static Result<HttpServer> listen(const std::string& host, uint16_t port,
                                                 uint64_t bodyLimit);
  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) = delete;
  ~HttpServer();

  [[nodiscard]] uint16_t port() const;
  void setHandler(Handler handler);
  // Calls it in the loop whenever the descriptor can be read.
  void watch(int descriptor, std::function<void()> callback);
  // Serves until stop(), or until the user asks to stop (core/base/progress.h).
  void run();
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace z2
