#include "core/generate/engine_client.h"

#include <optional>

#include "core/base/progress.h"

namespace z2 {

Result<EngineClient> EngineClient::start(const EngineOptions& options, int64_t rows) {
  Z2_TRY(EngineProcess process,
         EngineProcess::start("generate", options, {"--rows", std::to_string(rows)}));
  const auto capacity = process.ready().value("capacity", int64_t{0});
  const auto itsRows = process.ready().value("rows", size_t{1});
  return EngineClient(std::move(process), capacity, itsRows);
}

Result<std::string> EngineClient::generate(const Json& request,
                                           const std::function<bool(int32_t)>& onToken) {
  Z2_TRY(const std::vector<std::string> ends,
         generateAll({request}, [&](size_t, int32_t id) { return onToken(id); }));
  return ends.front();
}

Result<std::vector<std::string>> EngineClient::generateAll(
    const std::vector<Json>& requests, const std::function<bool(size_t, int32_t)>& onToken) {
  std::vector<std::string> ends(requests.size(), "interrupted");
  std::vector<bool> isCancelled(requests.size(), false);
  std::optional<Error> failure;
  bool isStopping = false;
  size_t sent = 0;
  size_t ended = 0;
  while (true) {
    // Few enough ahead that neither side waits for the other to read.
    for (; !isStopping && sent < requests.size() && sent - ended < 2 * rows_; ++sent) {
      Json request = requests[sent];
      request["request"] = sent;
      Z2_TRY_VOID(process_.send(request));
    }
    if (ended == sent) break;
    Z2_TRY(const std::optional<Json> message, process_.receive());
    if ((stopRequested() || failure) && !isStopping) {
      isStopping = true;
      isCancelled.assign(requests.size(), true);
      Z2_TRY_VOID(process_.send({{"cancel", true}}));
    }
    if (!message) continue;
    const auto index = message->value("request", size_t{0});
    if (index >= requests.size()) continue;
    if (message->contains("end")) {
      ends[index] = message->value("end", std::string());
      ++ended;
    } else if (message->contains("error")) {
      if (!failure) failure = errorOf(*message);
      ++ended;
    } else if (!isCancelled[index] && !onToken(index, message->value("id", -1))) {
      isCancelled[index] = true;
      Z2_TRY_VOID(process_.send({{"cancel", index}}));
    }
  }
  if (failure) return tl::unexpected(*std::move(failure));
  return ends;
}

}  // namespace z2
