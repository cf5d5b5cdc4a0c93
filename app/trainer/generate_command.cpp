#include "app/trainer/generate_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "app/trainer/model_loading.h"
#include "core/base/line_reader.h"
#include "core/base/progress.h"
#include "core/generate/generator.h"
#include "core/io/json.h"

namespace z2 {

namespace {

struct GenerateArguments : ModelChoice {
  int64_t capacity = 0;
  int64_t rows = 1;
};

constexpr int64_t kDefaultNewTokens = 128;
constexpr int64_t kUnnumbered = -1;

void say(const Json& value) {
  std::puts(jsonLine(value).c_str());
  std::fflush(stdout);
}

int64_t numberOf(const Json& json) {
  const bool isGiven = json.is_object() && json.contains("request");
  return isGiven && json["request"].is_number_integer() ? json["request"].get<int64_t>()
                                                        : kUnnumbered;
}

// The one place where a request's JSON is taken apart.
Result<GenerateRequest> parseRequest(const Json& json) {
  try {
    GenerateRequest request;
    request.prompt = json.at("prompt").get<std::vector<int32_t>>();
    request.maxNewTokens = json.value("max_new_tokens", kDefaultNewTokens);
    request.stopIds = json.value("stop", std::vector<int32_t>{});
    request.topLogProbs = json.value("top_logprobs", int64_t{-1});
    request.sampling.temperature = json.value("temperature", 0.0);
    request.sampling.topK = json.value("top_k", int64_t{0});
    request.sampling.topP = json.value("top_p", 1.0);
    request.sampling.minP = json.value("min_p", 0.0);
    request.sampling.repetitionPenalty = json.value("repetition_penalty", 1.0);
    request.sampling.frequencyPenalty = json.value("frequency_penalty", 0.0);
    request.sampling.presencePenalty = json.value("presence_penalty", 0.0);
    request.sampling.seed = json.value("seed", uint64_t{0});
    return request;
  } catch (const std::exception& failure) {
    return badInput("request", failure.what());
  }
}

// Requests in, tokens out, until the input ends.
class Session {
 public:
  explicit Session(Generator generator) : generator_(std::move(generator)) {}

  Result<void> run() {
    say({{"ready", true}, {"capacity", generator_.capacity()}, {"rows", generator_.rows()}});
    std::string line;
    while (true) {
      if (stopRequested()) return stop();
      if (generator_.isIdle() || input_.isReady()) {
        const LineReader::Outcome outcome = input_.next(line);
        if (outcome == LineReader::Outcome::kEnd && generator_.isIdle()) return {};
        if (outcome == LineReader::Outcome::kEnd) {
          Z2_TRY_VOID(finishAll());
        } else if (outcome == LineReader::Outcome::kLine && !line.empty()) {
          handle(line);
        }
        continue;
      }
      Z2_TRY_VOID(generator_.step());
    }
  }

 private:
  // The answers that have begun, before the end of the input ends this process.
  Result<void> finishAll() {
    while (!generator_.isIdle() && !stopRequested()) Z2_TRY_VOID(generator_.step());
    return {};
  }

  Result<void> stop() {
    generator_.cancelAll();
    Z2_TRY_VOID(generator_.step());
    return interrupted("generation was stopped");
  }

  void handle(const std::string& line) {
    const Result<Json> json = parseJson(line, "request");
    if (!json) return fail(kUnnumbered, json.error());
    if (json->is_object() && json->contains("cancel")) return cancel((*json)["cancel"]);
    const int64_t number = numberOf(*json);
    Result<GenerateRequest> request = parseRequest(*json);
    if (!request) return fail(number, request.error());
    const Result<int64_t> answer = generator_.add(
        *std::move(request),
        [this, number](const GeneratedToken& token) { return tell(number, token); },
        [this, number](const Result<FinishReason>& reason) {
          answers_.erase(number);
          if (!reason) return fail(number, reason.error());
          sayOf(number, {{"end", nameOf(*reason)}});
        });
    if (!answer) return fail(number, answer.error());
    answers_[number] = *answer;
  }

  void cancel(const Json& which) {
    if (!which.is_number_integer()) return generator_.cancelAll();
    if (const auto found = answers_.find(which.get<int64_t>()); found != answers_.end())
      generator_.cancel(found->second);
  }

  static void sayOf(int64_t number, Json message) {
    if (number != kUnnumbered) message["request"] = number;
    say(message);
  }
  static void fail(int64_t number, const Error& error) {
    sayOf(number, {{"error", error.text()}, {"status", exitStatus(error.code)}});
  }
  static bool tell(int64_t number, const GeneratedToken& token) {
    Json message = {{"id", token.id}};
    if (token.logProb) {
      message["logprob"] = *token.logProb;
      message["top"] = token.top;
    }
    sayOf(number, std::move(message));
    return !stopRequested();
  }

  Generator generator_;
  LineReader input_{STDIN_FILENO};
  std::map<int64_t, int64_t> answers_;  // by the request's number
};

Result<void> serve(const GenerateArguments& arguments) {
  Z2_TRY(const DType type, parseComputeType(arguments.type));
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.model));
  Z2_TRY(const Device device, openDevice(arguments.device, arguments.threads));
  const LlamaOptions options{.type = type, .isTrained = false, .hasOptimizer = false};
  Z2_TRY(Llama model, loadModel(source, options, device));
  const int64_t longest = source.config().maxPositionEmbeddings;
  const int64_t capacity = arguments.capacity > 0 ? std::min(arguments.capacity, longest) : longest;
  Z2_TRY(Generator generator, Generator::create(model, capacity, arguments.rows));
  return Session(std::move(generator)).run();
}

}  // namespace

void addGenerateCommand(CLI::App& app, std::function<Result<void>()>& action) {
  CLI::App* command =
      app.add_subcommand("generate", "Answer JSON requests of token ids on standard input");
  const auto arguments = std::make_shared<GenerateArguments>();
  addModelChoice(*command, *arguments);
  command
      ->add_option("--context", arguments->capacity,
                   "Positions of prompt and answer; 0: all that the model was made for")
      ->capture_default_str();
  command->add_option("--rows", arguments->rows, "Answers at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->callback([arguments, &action] { action = [arguments] { return serve(*arguments); }; });
}

}  // namespace z2
