#include "tests/app/cli/http_client.h"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace z2 {

namespace {

std::string readAll(int socket, size_t most) {
  std::string bytes;
  std::array<char, 4096> block{};
  while (bytes.size() < most) {
    const ssize_t count = ::recv(socket, block.data(), block.size(), 0);
    if (count <= 0) break;
    bytes.append(block.data(), static_cast<size_t>(count));
  }
  return bytes;
}

std::string joinChunks(std::string_view body) {
  std::string joined;
  while (!body.empty()) {
    const size_t size = std::strtoul(std::string(body.substr(0, 16)).c_str(), nullptr, 16);
    const size_t begin = body.find("\r\n");
    if (size == 0 || begin == std::string_view::npos) break;
    joined += body.substr(begin + 2, size);
    body.remove_prefix(std::min(body.size(), begin + 2 + size + 2));
  }
  return joined;
}

HttpResult parse(std::string_view bytes) {
  HttpResult result;
  const size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return result;
  result.status = std::atoi(std::string(bytes.substr(9, 3)).c_str());
  std::string_view head = bytes.substr(0, end);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    if (const size_t colon = line.find(": "); colon != std::string_view::npos)
      result.headers[std::string(line.substr(0, colon))] = line.substr(colon + 2);
  }
  const std::string_view body = bytes.substr(end + 4);
  result.body = result.headers.contains("Transfer-Encoding") ? joinChunks(body) : std::string(body);
  return result;
}

}  // namespace

std::vector<std::string> HttpResult::events() const {
  constexpr std::string_view kData = "data: ";
  std::vector<std::string> events;
  std::string_view rest = body;
  while (rest.starts_with(kData)) {
    const size_t end = rest.find("\n\n");
    events.emplace_back(rest.substr(kData.size(), end - kData.size()));
    rest.remove_prefix(std::min(rest.size(), end == std::string_view::npos ? end : end + 2));
  }
  return events;
}

int HttpClient::connectAndSend(const std::string& method, const std::string& path,
                               const std::string& body) const {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    return -1;
  }
  std::string request = method + " " + path +
                        " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                        "\r\nConnection: close\r\n";
  for (const std::string& header : headers_) request += header + "\r\n";
  if (!body.empty())
    request +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n" + body;
  for (std::string_view left = request; !left.empty();) {
    const ssize_t sent = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    left.remove_prefix(static_cast<size_t>(sent));
  }
  return socket;
}

HttpResult HttpClient::ask(const std::string& method, const std::string& path,
                           const std::string& body) const {
  const int socket = connectAndSend(method, path, body);
  if (socket < 0) return {};
  const HttpResult result = parse(readAll(socket, SIZE_MAX));
  ::close(socket);
  return result;
}

HttpResult HttpClient::get(const std::string& path) const { return ask("GET", path, {}); }

HttpResult HttpClient::post(const std::string& path, const std::string& body) const {
  return ask("POST", path, body);
}

void HttpClient::postAndLeave(const std::string& path, const std::string& body,
                              size_t bytes) const {
  const int socket = connectAndSend("POST", path, body);
  if (socket < 0) return;
  (void)readAll(socket, bytes);
  ::close(socket);
}

}  // namespace z2
