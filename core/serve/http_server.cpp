#include "core/serve/http_server.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/progress.h"

namespace z2 {

namespace {

constexpr int kIdleSeconds = 120;             // of a connection
constexpr timeval kStopCheck = {0, 200'000};  // how often the loop looks for a stop request
constexpr ev_ssize_t kHeaderLimit = 64 * 1024;

struct Freer {
  void operator()(event_base* base) const { event_base_free(base); }
  void operator()(evhttp* http) const { evhttp_free(http); }
  void operator()(event* watched) const { event_free(watched); }
  void operator()(evbuffer* buffer) const { evbuffer_free(buffer); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freer>;

std::string header(const evhttp_request* request, const char* name) {
  const char* const value = evhttp_find_header(
      evhttp_request_get_input_headers(const_cast<evhttp_request*>(request)), name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string methodOf(const evhttp_request* request) {
  switch (evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
      return "GET";
    case EVHTTP_REQ_POST:
      return "POST";
    case EVHTTP_REQ_HEAD:
      return "HEAD";
    default:
      return "OTHER";
  }
}

std::string pathOf(const evhttp_request* request) {
  const evhttp_uri* const uri = evhttp_request_get_evhttp_uri(request);
  const char* const path = uri == nullptr ? nullptr : evhttp_uri_get_path(uri);
  if (path == nullptr) return {};
  size_t size = 0;
  char* const decoded = evhttp_uridecode(path, 0, &size);
  std::string text(decoded == nullptr ? path : decoded);
  std::free(decoded);
  return text;
}

std::string clientOf(const evhttp_request* request) {
  char* address = nullptr;
  uint16_t port = 0;
  evhttp_connection* const connection =
      evhttp_request_get_connection(const_cast<evhttp_request*>(request));
  if (connection != nullptr) evhttp_connection_get_peer(connection, &address, &port);
  return fmt::format("{}:{}", address == nullptr ? "" : address, port);
}

HttpRequest takeApart(evhttp_request* request) {
  constexpr std::string_view kBearer = "Bearer ";
  HttpRequest parts{.method = methodOf(request),
                    .path = pathOf(request),
                    .body = {},
                    .bearer = header(request, "Authorization"),
                    .origin = header(request, "Origin"),
                    .host = {},
                    .client = clientOf(request)};
  if (parts.bearer.starts_with(kBearer))
    parts.bearer.erase(0, kBearer.size());
  else
    parts.bearer.clear();
  if (const char* host = evhttp_request_get_host(request)) parts.host = host;
  evbuffer* const body = evhttp_request_get_input_buffer(request);
  parts.body.resize(evbuffer_get_length(body));
  evbuffer_remove(body, parts.body.data(), parts.body.size());
  return parts;
}

const char* reasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

// evhttp keeps a request until its reply has ended, also when the connection is lost before.
class Reply final : public HttpReply {
 public:
  Reply(event_base* base, evhttp_request* request) : base_(base), request_(request) {
    evhttp_connection* const connection = evhttp_request_get_connection(request);
    evhttp_connection_set_closecb(connection, &Reply::closing, this);
    // evhttp does not read while a reply is awaited, so it sees the client go only when it writes.
    watch(bufferevent_getfd(evhttp_connection_get_bufferevent(connection)), EV_READ | EV_CLOSED);
  }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() override {
    if (isStream_)
      end();
    else
      send(500, {{"error", {{"message", "there was no answer"}}}});
  }

  void send(int status, const Json& body) override {
    if (request_ == nullptr) return;
    setType("application/json");
    if (status == 503) addHeader("Retry-After", "1");
    const Owned<evbuffer> buffer = bufferOf(jsonLine(body) + "\n");
    evhttp_send_reply(finish(), status, reasonOf(status), buffer.get());
  }

  void beginStream() override {
    if (request_ == nullptr) return;
    setType("text/event-stream");
    addHeader("Cache-Control", "no-cache");
    evhttp_send_reply_start(request_, 200, reasonOf(200));
    isStream_ = true;
  }

  void event(std::string_view data) override {
    if (request_ == nullptr || isGone_) return;
    std::string text = "data: ";
    text += data;
    text += "\n\n";
    const Owned<evbuffer> buffer = bufferOf(text);
    evhttp_send_reply_chunk(request_, buffer.get());
  }

  void end() override {
    if (request_ != nullptr) evhttp_send_reply_end(finish());
  }

  void onGone(std::function<void()> callback) override { onGone_ = std::move(callback); }

 private:
  static void closing(evhttp_connection*, void* itself) { static_cast<Reply*>(itself)->goAway(); }
  // The other side has closed, or the connection is broken; or it sends its next request already.
  static void stirred(evutil_socket_t socket, short what, void* itself) {
    auto* const reply = static_cast<Reply*>(itself);
    char byte = 0;
    if ((what & EV_CLOSED) == 0) {
      const ssize_t count = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
      if (count > 0) return reply->watch(socket, EV_CLOSED);
      if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return reply->watch(socket, EV_READ | EV_CLOSED);
    }
    reply->goAway();
  }
  void watch(evutil_socket_t socket, short what) {
    watched_.reset(event_new(base_, socket, what, &Reply::stirred, this));
    if (watched_) event_add(watched_.get(), nullptr);
  }
  void goAway() {
    watched_.reset();
    isGone_ = true;
    // The callback may end the reply, and with it this object.
    if (const auto callback = std::exchange(onGone_, nullptr)) callback();
  }
  static Owned<evbuffer> bufferOf(std::string_view text) {
    Owned<evbuffer> buffer(evbuffer_new());
    evbuffer_add(buffer.get(), text.data(), text.size());
    return buffer;
  }
  void addHeader(const char* name, const char* value) {
    evhttp_add_header(evhttp_request_get_output_headers(request_), name, value);
  }
  void setType(const char* type) { addHeader("Content-Type", type); }
  evhttp_request* finish() {
    watched_.reset();
    onGone_ = nullptr;
    if (evhttp_connection* const connection = evhttp_request_get_connection(request_))
      evhttp_connection_set_closecb(connection, nullptr, nullptr);
    return std::exchange(request_, nullptr);
  }

  event_base* base_;
  evhttp_request* request_;  // null: the reply has ended
  Owned<::event> watched_;   // of the connection
  std::function<void()> onGone_;
  bool isGone_ = false;
  bool isStream_ = false;
};

}  // namespace

struct HttpServer::Impl {
  struct Watch {
    std::function<void()> callback;
    Owned<event> watched;
  };

  Owned<event_base> base;
  Owned<evhttp> http;
  Owned<event> timer;
  std::vector<std::unique_ptr<Watch>> watches;
  Handler handler;
  uint16_t port = 0;

  static void handle(evhttp_request* request, void* itself) {
    const auto* const impl = static_cast<Impl*>(itself);
    const HttpRequest parts = takeApart(request);
    impl->handler(parts, std::make_shared<Reply>(impl->base.get(), request));
  }
  static void readable(evutil_socket_t, short, void* watch) {
    static_cast<Watch*>(watch)->callback();
  }
  static void checkStop(evutil_socket_t, short, void* itself) {
    if (stopRequested()) event_base_loopbreak(static_cast<Impl*>(itself)->base.get());
  }
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

Result<HttpServer> HttpServer::listen(const std::string& host, uint16_t port, uint64_t bodyLimit) {
  auto impl = std::make_unique<Impl>();
  impl->base.reset(event_base_new());
  if (impl->base) impl->http.reset(evhttp_new(impl->base.get()));
  if (!impl->http) return environmentError("server", "no event loop could be made");
  evhttp_set_timeout(impl->http.get(), kIdleSeconds);
  evhttp_set_max_headers_size(impl->http.get(), kHeaderLimit);
  evhttp_set_max_body_size(impl->http.get(), static_cast<ev_ssize_t>(bodyLimit));
  evhttp_set_allowed_methods(impl->http.get(), EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD);
  evhttp_set_gencb(impl->http.get(), &Impl::handle, impl.get());
  errno = 0;
  evhttp_bound_socket* const bound =
      evhttp_bind_socket_with_handle(impl->http.get(), host.c_str(), port);
  if (bound == nullptr)
    return environmentError(fmt::format("{}:{}", host, port),
                            errno == 0 ? "this is no address of this machine"
                                       : fmt::format("listening failed: {}", std::strerror(errno)),
                            "Choose another --host or --port");
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(evhttp_bound_socket_get_fd(bound), reinterpret_cast<sockaddr*>(&address), &size);
  impl->port = ntohs(address.ss_family == AF_INET6
                         ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                         : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  impl->timer.reset(event_new(impl->base.get(), -1, EV_PERSIST, &Impl::checkStop, impl.get()));
  event_add(impl->timer.get(), &kStopCheck);
  return HttpServer(std::move(impl));
}

uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::setHandler(Handler handler) { impl_->handler = std::move(handler); }

void HttpServer::watch(int descriptor, std::function<void()> callback) {
  auto watch = std::make_unique<Impl::Watch>();
  watch->callback = std::move(callback);
  watch->watched.reset(
      event_new(impl_->base.get(), descriptor, EV_READ | EV_PERSIST, &Impl::readable, watch.get()));
  event_add(watch->watched.get(), nullptr);
  impl_->watches.push_back(std::move(watch));
}

void HttpServer::run() { event_base_dispatch(impl_->base.get()); }

void HttpServer::stop() { event_base_loopbreak(impl_->base.get()); }

}  // namespace z2
