#include "app/trainer/generate_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "app/trainer/model_loading.h"
#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/generate/generator.h"
#include "core/io/json.h"

namespace z2 {

namespace {

struct GenerateArguments {
  std::string model;
  std::string type = "fp32";
  std::string device = "cpu";
  int threads = 0;
  int64_t capacity = 0;
};

constexpr int64_t kDefaultNewTokens = 128;

void say(const Json& value) {
  std::puts(jsonLine(value).c_str());
  std::fflush(stdout);
}

// The one place where a request's JSON is taken apart.
Result<GenerateRequest> parseRequest(const Json& json) {
  try {
    GenerateRequest request;
    request.prompt = json.at("prompt").get<std::vector<int32_t>>();
    request.maxNewTokens = json.value("max_new_tokens", kDefaultNewTokens);
    request.stopIds = json.value("stop", std::vector<int32_t>{});
    request.sampling.temperature = json.value("temperature", 0.0);
    request.sampling.topK = json.value("top_k", int64_t{0});
    request.sampling.topP = json.value("top_p", 1.0);
    request.sampling.repetitionPenalty = json.value("repetition_penalty", 1.0);
    request.sampling.seed = json.value("seed", uint64_t{0});
    return request;
  } catch (const std::exception& failure) {
    return badInput("request", failure.what());
  }
}

bool isCancel(const std::string& line) {
  const Result<Json> json = parseJson(line, "request");
  return json && json->is_object() && json->contains("cancel");
}

// Requests in their order; while one is answered, the lines behind it are looked at for a cancel.
class RequestQueue {
 public:
  [[nodiscard]] LineReader::Outcome next(std::string& line) {
    if (waiting_.empty()) return input_.next(line);
    line = std::move(waiting_.front());
    waiting_.pop_front();
    return LineReader::Outcome::kLine;
  }

  [[nodiscard]] bool isCancelled() {
    std::string line;
    while (input_.isReady() && input_.next(line) == LineReader::Outcome::kLine) {
      if (isCancel(line)) return true;
      waiting_.push_back(line);
    }
    return false;
  }

 private:
  LineReader input_{STDIN_FILENO};
  std::deque<std::string> waiting_;
};

Result<void> answer(Generator& generator, RequestQueue& requests, const std::string& line) {
  Z2_TRY(const Json json, parseJson(line, "request"));
  if (json.is_object() && json.contains("cancel")) return {};  // of an answer that had ended
  Z2_TRY(const GenerateRequest request, parseRequest(json));
  const auto onToken = [&](int32_t id) {
    say({{"id", id}});
    return !stopRequested() && !requests.isCancelled();
  };
  Z2_TRY(const FinishReason reason, generator.run(request, onToken));
  say({{"end", nameOf(reason)}});
  return {};
}

Result<void> serve(const GenerateArguments& arguments) {
  Z2_TRY(const DType type, parseComputeType(arguments.type));
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.model));
  Z2_TRY(const Device device, openDevice(arguments.device, arguments.threads));
  const LlamaOptions options{.type = type, .isTrained = false, .hasOptimizer = false};
  Z2_TRY(Llama model, loadModel(source, options, device));
  const int64_t longest = source.config().maxPositionEmbeddings;
  const int64_t capacity = arguments.capacity > 0 ? std::min(arguments.capacity, longest) : longest;
  Z2_TRY(Generator generator, Generator::create(model, capacity));
  say({{"ready", true}, {"capacity", capacity}});
  RequestQueue requests;
  std::string line;
  while (true) {
    const LineReader::Outcome outcome = requests.next(line);
    if (stopRequested()) return interrupted("generation was stopped");
    if (outcome == LineReader::Outcome::kEnd) return {};
    if (outcome == LineReader::Outcome::kSignal || line.empty()) continue;
    if (const auto done = answer(generator, requests, line); !done)
      say({{"error", done.error().text()}, {"status", exitStatus(done.error().code)}});
  }
}

}  // namespace

void addGenerateCommand(CLI::App& app, std::function<Result<void>()>& action) {
  CLI::App* command =
      app.add_subcommand("generate", "Answer JSON requests of token ids on standard input");
  const auto arguments = std::make_shared<GenerateArguments>();
  command
      ->add_option("--model", arguments->model, "A run, a checkpoint or a Hugging Face directory")
      ->required();
  command->add_option("--dtype", arguments->type, "fp32, bf16 or fp16")->capture_default_str();
  command->add_option("--device", arguments->device, "cpu, cuda or auto")->capture_default_str();
  command->add_option("--threads", arguments->threads, "0: all cores")->capture_default_str();
  command
      ->add_option("--context", arguments->capacity,
                   "Positions of prompt and answer; 0: all that the model was made for")
      ->capture_default_str();
  command->callback([arguments, &action] { action = [arguments] { return serve(*arguments); }; });
}

}  // namespace z2
