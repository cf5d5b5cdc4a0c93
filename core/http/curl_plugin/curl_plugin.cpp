#include "core/http/curl_plugin/curl_plugin.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <curl/curl.h>

namespace {

constexpr long kConnectMs = 30'000;

// CURL and CURLM are both void to the compiler.
template <auto free>
struct FreeWith {
  template <typename T>
  void operator()(T* owned) const {
    free(owned);
  }
};
using Easy = std::unique_ptr<CURL, FreeWith<&curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, FreeWith<&curl_multi_cleanup>>;
using Headers = std::unique_ptr<curl_slist, FreeWith<&curl_slist_free_all>>;

struct Transfer {
  int64_t number = 0;
  Easy easy;
  Headers headers;
  std::string body;  // of the request
  std::string answer;
  size_t answerLimit = 0;
  std::array<char, CURL_ERROR_SIZE> error{};
};

struct Client {
  Multi multi;
  std::map<int64_t, std::unique_ptr<Transfer>> transfers = {};  // by number

  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    for (auto& [number, transfer] : transfers)
      curl_multi_remove_handle(multi.get(), transfer->easy.get());
  }
};

size_t take(char* bytes, size_t size, size_t count, void* itself) {
  auto& transfer = *static_cast<Transfer*>(itself);
  const size_t given = size * count;
  if (transfer.answer.size() + given > transfer.answerLimit) return 0;
  try {
    transfer.answer.append(bytes, given);
  } catch (const std::exception&) {
    return 0;
  }
  return given;
}

bool addHeader(Transfer& transfer, const std::string& line) {
  curl_slist* const longer = curl_slist_append(transfer.headers.get(), line.c_str());
  if (longer == nullptr) return false;
  [[maybe_unused]] const curl_slist* const same = transfer.headers.release();
  transfer.headers.reset(longer);
  return true;
}

// Certificates other than the system's, as the program curl is told of them.
void trustOwnCertificates(CURL* easy) {
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const char* const file = std::getenv(name);
    if (file == nullptr || *file == '\0') continue;
    curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    return;
  }
}

bool prepare(Transfer& transfer, const Z2CurlPost& post) {
  CURL* const easy = transfer.easy.get();
  bool isGood = addHeader(transfer, "Content-Type: application/json") &&
                addHeader(transfer, "Accept: application/json") &&
                addHeader(transfer, "Expect:");  // no round trip before the body
  if (*post.bearer != '\0')
    isGood = isGood && addHeader(transfer, std::string("Authorization: Bearer ") + post.bearer);
  const auto set = [&](auto option, auto value) {
    isGood = isGood && curl_easy_setopt(easy, option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, post.url);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, transfer.error.data());
  set(CURLOPT_HTTPHEADER, transfer.headers.get());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.body.size()));
  set(CURLOPT_POSTFIELDS, transfer.body.c_str());
  set(CURLOPT_USERAGENT, "zero2all");
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that it knows
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(post.timeoutMs));
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_WRITEFUNCTION, &take);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_PRIVATE, &transfer);
  // The key goes to the server that was named and to no other.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  if (post.isLocal != 0) set(CURLOPT_PROXY, "");
  trustOwnCertificates(easy);
  return isGood;
}

Z2CurlOutcome outcomeOf(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return kZ2CurlAnswered;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return kZ2CurlUnreachable;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return kZ2CurlUntrusted;
    case CURLE_OPERATION_TIMEDOUT:
      return kZ2CurlTimeout;
    default:
      return kZ2CurlBroken;
  }
}

void* openClient() {
  try {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return nullptr;
    auto client = std::make_unique<Client>();
    client->multi.reset(curl_multi_init());
    return client->multi ? client.release() : nullptr;
  } catch (const std::exception&) {
    return nullptr;
  }
}

void closeClient(void* client) {
  const std::unique_ptr<Client> ended(static_cast<Client*>(client));
}

int start(void* opaque, int64_t number, const Z2CurlPost* post) {
  try {
    auto& client = *static_cast<Client*>(opaque);
    auto transfer = std::make_unique<Transfer>();
    transfer->number = number;
    transfer->easy.reset(curl_easy_init());
    transfer->body.assign(post->body, post->bodySize);
    transfer->answerLimit = post->answerLimit;
    if (!transfer->easy || !prepare(*transfer, *post)) return -1;
    CURL* const easy = transfer->easy.get();
    client.transfers[number] = std::move(transfer);
    if (curl_multi_add_handle(client.multi.get(), easy) == CURLM_OK) return 0;
    client.transfers.erase(number);
    return -1;
  } catch (const std::exception&) {
    return -1;
  }
}

void cancel(void* opaque, int64_t number) {
  auto& client = *static_cast<Client*>(opaque);
  const auto found = client.transfers.find(number);
  if (found == client.transfers.end()) return;
  curl_multi_remove_handle(client.multi.get(), found->second->easy.get());
  client.transfers.erase(found);
}

using Sink = void (*)(void* context, const Z2CurlAnswer* answer);

void tell(const Transfer& transfer, CURLcode code, Sink sink, void* context) {
  long status = 0;
  curl_off_t retryAfter = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RETRY_AFTER, &retryAfter);
  const char* failure = "";
  if (code == CURLE_WRITE_ERROR)
    failure = "the answer is larger than is taken";
  else if (code != CURLE_OK)
    failure = transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code);
  const Z2CurlAnswer answer = {.number = transfer.number,
                               .outcome = outcomeOf(code),
                               .status = static_cast<int32_t>(status),
                               .retryAfterS = std::max<int64_t>(retryAfter, 0),
                               .body = transfer.answer.data(),
                               .bodySize = transfer.answer.size(),
                               .failure = failure};
  sink(context, &answer);
}

int poll(void* opaque, int waitMs, Sink sink, void* context, char* error, size_t errorSize) {
  try {
    auto& client = *static_cast<Client*>(opaque);
    CURLM* const multi = client.multi.get();
    int running = 0;
    CURLMcode code = curl_multi_perform(multi, &running);
    if (code == CURLM_OK && running == static_cast<int>(client.transfers.size())) {
      code = curl_multi_poll(multi, nullptr, 0, waitMs, nullptr);
      if (code == CURLM_OK) code = curl_multi_perform(multi, &running);
    }
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode outcome = message->data.result;
      char* owner = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
      const auto& transfer = *static_cast<const Transfer*>(static_cast<void*>(owner));
      tell(transfer, outcome, sink, context);
      cancel(opaque, transfer.number);
    }
    if (code == CURLM_OK) return 0;
    std::snprintf(error, errorSize, "%s", curl_multi_strerror(code));
  } catch (const std::exception& failure) {
    std::snprintf(error, errorSize, "%s", failure.what());
  }
  return -1;
}

constexpr Z2CurlTable kTable = {.version = kZ2CurlVersion,
                                .open = &openClient,
                                .close = &closeClient,
                                .start = &start,
                                .cancel = &cancel,
                                .poll = &poll};

}  // namespace

extern "C" __attribute__((visibility("default"))) const Z2CurlTable* z2CurlTable(uint32_t version) {
  return version == kZ2CurlVersion ? &kTable : nullptr;
}
