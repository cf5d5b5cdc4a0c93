#include "core/generate/engine_process.h"

#include <csignal>

#include "core/base/engine_program.h"
#include "core/base/progress.h"
#include "core/io/files.h"

namespace z2 {

namespace {

constexpr uint64_t kLongestWords = uint64_t{1} << 20;

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

Error errorOf(const Json& message) {
  Error error;
  error.code = codeOf(message.value("status", 0));
  error.what = message.value("error", std::string());
  return error;
}

Result<EngineProcess> EngineProcess::start(const std::string& command, const EngineOptions& options,
                                           const std::vector<std::string>& arguments) {
  Z2_TRY(const EngineProgram program, findEngine());
  std::vector<std::string> words = {command,        "--model",     options.model,
                                    "--dtype",      options.dtype, "--device",
                                    options.device, "--threads",   std::to_string(options.threads)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Z2_TRY(PipedProcess process,
         PipedProcess::spawn(program.path, words, program.environment, options.errors));
  const ProcessId id = process.id();
  if (options.onStarted) options.onStarted(id);
  EngineProcess engine(std::move(process), options.errors);
  while (true) {
    Z2_TRY(std::optional<Json> message, engine.receive());
    if (message) engine.ready_ = *std::move(message);
    if (message) return engine;
    if (!stopRequested()) continue;
    signalGroup(id, SIGTERM);
    return interrupted("loading the model was stopped");
  }
}

Result<void> EngineProcess::send(const Json& message) {
  return process_.writeLine(jsonLine(message));
}

Result<std::optional<Json>> EngineProcess::receive() {
  std::string line;
  const LineReader::Outcome outcome = process_.readLine(line);
  if (outcome == LineReader::Outcome::kSignal) return std::nullopt;
  if (outcome == LineReader::Outcome::kEnd) return tl::unexpected(ended());
  Z2_TRY(Json message, parseJson(line, "z2all-train"));
  if (!message.is_object())
    return environmentError("z2all-train", "it does not speak as it should");
  return std::optional<Json>(std::move(message));
}

Error EngineProcess::ended() {
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

}  // namespace z2
