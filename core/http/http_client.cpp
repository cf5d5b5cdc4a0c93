#include "core/http/http_client.h"

#include <array>
#include <utility>

#include "core/base/plugin.h"
#include "core/http/curl_plugin/curl_plugin.h"
#include "core/http/endpoint_url.h"

namespace z2 {

namespace {

constexpr std::string_view kLibrary = "libz2_curl.so";
constexpr size_t kAnswerLimit = size_t{64} << 20;

Result<const Z2CurlTable*> loadPlugin() {
  Z2_TRY(void* const symbol,
         pluginSymbol(kLibrary, kZ2CurlSymbol, "no server can be asked",
                      "Install libcurl (Debian and Ubuntu: libcurl4) and the workbench whole"));
  const Z2CurlTable* const table = reinterpret_cast<Z2CurlTableFunction>(symbol)(kZ2CurlVersion);
  if (table == nullptr || table->version != kZ2CurlVersion) return pluginMismatch(kLibrary);
  return table;
}

}  // namespace

struct HttpClient::Impl {
  const Z2CurlTable* table;
  void* client;

  Impl(const Z2CurlTable* plugin, void* opened) : table(plugin), client(opened) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { table->close(client); }
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::open() {
  Z2_TRY(const Z2CurlTable* const table, loadPlugin());
  void* const client = table->open();
  if (client == nullptr) return environmentError("libcurl", "it could not be initialised");
  return HttpClient(std::make_unique<Impl>(table, client));
}

Result<void> HttpClient::start(int64_t number, const HttpPost& post) {
  const Z2CurlPost plain = {.url = post.url.c_str(),
                            .bearer = post.bearer.c_str(),
                            .body = post.body.data(),
                            .bodySize = post.body.size(),
                            .timeoutMs = post.timeout.count(),
                            .answerLimit = kAnswerLimit,
                            .isLocal = isLoopbackUrl(post.url) ? 1 : 0};
  if (impl_->table->start(impl_->client, number, &plain) != 0)
    return environmentError(post.url, "libcurl does not take this request", "Check the address");
  return {};
}

void HttpClient::cancel(int64_t number) { impl_->table->cancel(impl_->client, number); }

Result<std::vector<HttpAnswer>> HttpClient::poll(std::chrono::milliseconds wait) {
  std::vector<HttpAnswer> answers;
  const auto sink = [](void* context, const Z2CurlAnswer* answer) {
    static_cast<std::vector<HttpAnswer>*>(context)->push_back(
        {.number = answer->number,
         .outcome = static_cast<HttpAnswer::Outcome>(answer->outcome),
         .status = answer->status,
         .body = std::string(answer->body, answer->bodySize),
         .retryAfter = std::chrono::seconds(answer->retryAfterS),
         .failure = answer->failure});
  };
  std::array<char, 256> error{};
  if (impl_->table->poll(impl_->client, static_cast<int>(wait.count()), sink, &answers,
                         error.data(), error.size()) != 0)
    return environmentError("libcurl", error.data());
  return answers;
}

}  // namespace z2
