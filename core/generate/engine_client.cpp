#include "core/generate/engine_client.h"

#include <filesystem>

#include "core/base/engine_program.h"
#include "core/base/progress.h"
#include "core/io/files.h"

namespace z2 {

namespace {

constexpr uint64_t kLongestWords = uint64_t{1} << 20;
constexpr std::string_view kCancel = R"({"cancel":true})";

ErrorCode codeOf(int status) {
  for (const ErrorCode code : {ErrorCode::kUsage, ErrorCode::kBadInput, ErrorCode::kInterrupted})
    if (exitStatus(code) == status) return code;
  return ErrorCode::kEnvironment;
}

}  // namespace

Error engineEnded(const ProcessEnd& end) {
  Error error;
  error.code = codeOf(end.code.value_or(exitStatus(ErrorCode::kEnvironment)));
  error.what = "the engine (z2all-train) ended with " + end.text();
  error.fix = "Its own message stands above";
  return error;
}

Result<EngineClient> EngineClient::start(const EngineOptions& options) {
  Z2_TRY(const EngineProgram engine, findEngine());
  Z2_TRY(PipedProcess process, PipedProcess::spawn(engine.path,
                                                   {"generate", "--model", options.model, "--dtype",
                                                    options.dtype, "--device", options.device,
                                                    "--threads", std::to_string(options.threads)},
                                                   engine.environment, options.errors));
  if (options.onStarted) options.onStarted(process.id());
  EngineClient client(std::move(process), options.errors);
  bool isCancelled = true;  // there is no answer to cancel yet
  Z2_TRY(const Json ready, client.nextMessage(isCancelled));
  client.capacity_ = ready.value("capacity", int64_t{0});
  return client;
}

Result<std::string> EngineClient::generate(const Json& request,
                                           const std::function<bool(int32_t)>& onToken) {
  Z2_TRY_VOID(process_.writeLine(jsonLine(request)));
  bool isCancelled = false;
  while (true) {
    Z2_TRY(const Json message, nextMessage(isCancelled));
    if (message.contains("end")) return message.value("end", std::string());
    if (message.contains("error")) {
      Error error;
      error.code = codeOf(message.value("status", 0));
      error.what = message.value("error", std::string());
      return tl::unexpected(std::move(error));
    }
    if (isCancelled) continue;
    if (onToken(message.value("id", -1))) continue;
    isCancelled = true;
    Z2_TRY_VOID(process_.writeLine(kCancel));
  }
}

Error EngineClient::ended() {
  Error error = engineEnded(process_.wait());
  if (errors_.empty()) return error;
  const std::string words = readFile(errors_, kLongestWords).value_or("");
  const size_t end = words.find_last_not_of("\n ");
  error.fix.clear();
  if (end == std::string::npos) return error;
  const size_t begin = words.find_last_of('\n', end);
  error.what = words.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
  return error;
}

Result<Json> EngineClient::nextMessage(bool& isCancelled) {
  std::string line;
  while (true) {
    const LineReader::Outcome outcome = process_.readLine(line);
    if (stopRequested() && !isCancelled) {
      isCancelled = true;
      Z2_TRY_VOID(process_.writeLine(kCancel));
    }
    if (outcome == LineReader::Outcome::kEnd) return tl::unexpected(ended());
    if (outcome == LineReader::Outcome::kSignal) continue;
    Z2_TRY(Json message, parseJson(line, "z2all-train"));
    if (!message.is_object())
      return environmentError("z2all-train", "it does not speak as it should");
    return message;
  }
}

}  // namespace z2
