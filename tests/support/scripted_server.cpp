#include "tests/support/scripted_server.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/check.h"

namespace z2 {

namespace {

constexpr int kTickMs = 20;

std::string headerOf(const std::string& head, const std::string& name) {
  const size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

bool readMore(int connection, std::string& text) {
  char bytes[4096];
  const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  text.append(bytes, static_cast<size_t>(count));
  return true;
}

bool readRequest(int connection, ScriptedRequest& request) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos)
    if (!readMore(connection, text)) return false;
  const size_t headEnd = text.find("\r\n\r\n") + 4;
  const std::string head = text.substr(0, headEnd);
  const auto size = static_cast<size_t>(std::atoll(headerOf(head, "Content-Length").c_str()));
  while (text.size() < headEnd + size)
    if (!readMore(connection, text)) return false;
  const size_t space = head.find(' ');
  request.path = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  request.bearer = headerOf(head, "Authorization");
  request.body = text.substr(headEnd, size);
  return true;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  Z2_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  Z2_CHECK(::listen(listener_, 64) == 0);
  Z2_CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  isEnding_ = true;
  thread_.join();
  answers_.clear();
  ::close(listener_);
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::serve() {
  while (!isEnding_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kTickMs) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) answers_.emplace_back([this, connection] { answer(connection); });
  }
}

void ScriptedServer::answer(int connection) {
  ScriptedRequest request;
  if (readRequest(connection, request)) {
    ScriptedReply reply;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      mostAtOnce_ = std::max(mostAtOnce_.load(), ++atOnce_);
      reply = script_(request, static_cast<int>(requests_.size()) - 1);
    }
    for (auto waited = std::chrono::milliseconds(0); waited < reply.delay && !isEnding_;
         waited += std::chrono::milliseconds(kTickMs))
      std::this_thread::sleep_for(std::chrono::milliseconds(kTickMs));
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Status\r\n";
    for (const std::string& header : reply.headers) text += header + "\r\n";
    text += "Connection: close\r\nContent-Length: " + std::to_string(reply.body.size()) +
            "\r\n\r\n" + reply.body;
    text.resize(std::min(text.size(), reply.bytes));
    for (size_t at = 0; at < text.size();) {
      const ssize_t sent = ::send(connection, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) break;
      at += static_cast<size_t>(sent);
    }
    const std::lock_guard lock(mutex_);
    --atOnce_;
  }
  ::close(connection);
}

}  // namespace z2
