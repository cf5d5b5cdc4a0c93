#include "core/serve/openai_service.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/generate/generation_request.h"
#include "core/serve/answer_stream.h"
#include "core/serve/openai_reply.h"

namespace z2 {

namespace {

int64_t now() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

// In a time that does not depend on where they differ.
bool isSameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<uint8_t>(a[i]) ^ static_cast<uint8_t>(b[i]));
  return difference == 0;
}

bool isOwnName(std::string_view host, std::string_view served) {
  return host.empty() || host == served || host == "localhost" || host == "::1" ||
         host == "[::1]" || host.starts_with("127.");
}

// "http://localhost:3000" → "localhost".
std::string_view hostOf(std::string_view origin) {
  const size_t begin = origin.find("://");
  if (begin == std::string_view::npos) return origin;
  origin.remove_prefix(begin + 3);
  return origin.substr(0, origin.starts_with('[') ? origin.find(']') + 1 : origin.find(':'));
}

void refuse(HttpReply& reply, int status, std::string what, std::string fix = {},
            std::string_view code = {}) {
  Error error;
  error.code = status < 500 ? ErrorCode::kBadInput : ErrorCode::kEnvironment;
  error.what = std::move(what);
  error.fix = std::move(fix);
  reply.send(status, errorReply(error, code));
}

}  // namespace

// One HTTP request: its answers, and how they go out.
struct OpenAiService::Job {
  ReplyHead head;
  ApiRequest request;
  std::shared_ptr<HttpReply> reply;
  std::vector<AnswerStream> answers = {};
  std::vector<int64_t> numbers = {};  // in the queue
  ReplyUsage usage = {};
  size_t left = 0;
  bool hasFailed = false;

  void onToken(size_t index, const ServedToken& token) {
    ++usage.completionTokens;
    const AnswerStream::Piece piece = answers[index].push(token);
    if (request.isStream && !piece.isEmpty()) sendPiece(index, piece);
  }
  void onEnd(size_t index, const Result<std::string>& end) {
    --left;
    if (hasFailed) return;
    if (!end) return fail(end.error());
    const AnswerStream::Piece piece = answers[index].finish(*end);
    if (!request.isStream) {
      if (left == 0) sendWhole();
      return;
    }
    if (!piece.isEmpty()) sendPiece(index, piece);
    if (const Json& calls = answers[index].toolCalls(); !calls.is_null())
      reply->event(jsonLine(callsChunk(head, static_cast<int64_t>(index), calls)));
    reply->event(
        jsonLine(endChunk(head, static_cast<int64_t>(index), answers[index].finishReason())));
    if (left > 0) return;
    if (request.includesUsage) reply->event(jsonLine(usageChunk(head, usage)));
    reply->event("[DONE]");
    reply->end();
  }

 private:
  void sendPiece(size_t index, const AnswerStream::Piece& piece) {
    reply->event(
        jsonLine(textChunk(head, static_cast<int64_t>(index), piece.text, piece.logProbs)));
  }
  void sendWhole() {
    std::vector<ReplyChoice> choices;
    for (size_t i = 0; i < answers.size(); ++i)
      choices.push_back({.index = static_cast<int64_t>(i),
                         .text = answers[i].text(),
                         .finishReason = answers[i].finishReason(),
                         .logProbs = answers[i].logProbs(),
                         .toolCalls = answers[i].toolCalls()});
    reply->send(200, wholeReply(head, choices, usage));
  }
  void fail(const Error& error) {
    hasFailed = true;
    if (!request.isStream) return reply->send(httpStatus(error), errorReply(error));
    reply->event(jsonLine(errorReply(error)));
    reply->end();
  }
};

OpenAiService::OpenAiService(ServedModel model, AnswerQueue queue, ServiceOptions options)
    : model_(std::move(model)),
      queue_(std::move(queue)),
      options_(std::move(options)),
      started_(now()) {}

int OpenAiService::refusal(const HttpRequest& request, Error& error) const {
  error.code = ErrorCode::kUsage;
  if (!options_.key.empty()) {
    if (isSameSecret(request.bearer, options_.key)) return 0;
    error.what = "the key is missing or wrong";
    error.fix = "Send it as \"Authorization: Bearer KEY\"";
    return 401;
  }
  const bool isOwn = isOwnName(request.host, options_.host) &&
                     (request.origin.empty() || isOwnName(hostOf(request.origin), options_.host));
  if (isOwn) return 0;
  error.what = "without a key, only programs and pages of this machine may ask";
  error.fix = "Start the server with --key-file";
  return 403;
}

void OpenAiService::handle(const HttpRequest& request, std::shared_ptr<HttpReply> reply) {
  constexpr std::string_view kModels = "/v1/models";
  if (request.path == "/health")
    return reply->send(
        200, {{"status", "ok"}, {"running", queue_.running()}, {"waiting", queue_.waiting()}});
  Error error;
  if (const int status = refusal(request, error); status != 0)
    return reply->send(status, errorReply(error));
  const bool isGet = request.method == "GET";
  const bool isChat = request.path == "/v1/chat/completions";
  if (isChat || request.path == "/v1/completions") {
    if (request.method != "POST") return refuse(*reply, 405, "use POST here");
    return complete(request, isChat, std::move(reply));
  }
  if (request.path == kModels || request.path.starts_with(std::string(kModels) + "/")) {
    if (!isGet) return refuse(*reply, 405, "use GET here");
    return sendModels(request.path.substr(std::min(request.path.size(), kModels.size() + 1)),
                      *reply);
  }
  refuse(*reply, 404, "there is nothing at " + request.path,
         "There are /v1/models, /v1/chat/completions, /v1/completions and /health");
}

void OpenAiService::sendModels(const std::string& name, HttpReply& reply) const {
  const Json entry = {{"id", model_.name},
                      {"object", "model"},
                      {"created", started_},
                      {"owned_by", "zero2all"},
                      {"max_model_len", queue_.capacity()}};
  if (name.empty()) return reply.send(200, {{"object", "list"}, {"data", Json::array({entry})}});
  if (name == model_.name) return reply.send(200, entry);
  refuse(reply, 404, "there is no model \"" + name + "\"", "GET /v1/models says what is there",
         "model_not_found");
}

Result<void> OpenAiService::checkTools(const ApiRequest& request) const {
  if (model_.format.toolCalls()) return {};
  const auto refuse = [&](const std::string& where) {
    return badInput(where,
                    "the template of this model (" + model_.format.name() +
                        ") does not show functions, or writes calls in a way that is not known",
                    "Serve a model with a template of its own for tools, or another --template");
  };
  if (!request.tools.is_null()) return refuse("tools");
  for (size_t i = 0; i < request.messages.size(); ++i)
    if (request.messages[i].role == "tool" || !request.messages[i].toolCalls.is_null())
      return refuse(fmt::format("messages[{}]", i));
  return {};
}

Result<std::vector<std::vector<int32_t>>> OpenAiService::promptsOf(
    const ApiRequest& request) const {
  std::vector<std::vector<int32_t>> prompts;
  if (request.isChat) {
    Z2_TRY_VOID(checkTools(request));
    Z2_TRY(std::vector<int32_t> ids, model_.format.encode(request.messages, request.tools));
    prompts.push_back(std::move(ids));
    return prompts;
  }
  for (const auto& prompt : request.prompts) {
    if (const auto* ids = std::get_if<std::vector<int32_t>>(&prompt)) {
      prompts.push_back(*ids);
      continue;
    }
    Z2_TRY(std::vector<int32_t> ids,
           encodePrompt(*model_.tokenizer, std::get<std::string>(prompt), false));
    prompts.push_back(std::move(ids));
  }
  return prompts;
}

void OpenAiService::complete(const HttpRequest& http, bool isChat,
                             std::shared_ptr<HttpReply> reply) {
  const auto sendError = [&](const Error& error, std::string_view code = {}) {
    reply->send(httpStatus(error), errorReply(error, code));
  };
  const Result<Json> body = parseJson(http.body, "body");
  if (!body) return sendError(body.error());
  Result<ApiRequest> request = isChat ? parseChatRequest(*body) : parseCompletionRequest(*body);
  if (!request) return sendError(request.error());
  const auto prompts = promptsOf(*request);
  if (!prompts) return sendError(prompts.error());
  for (const std::vector<int32_t>& prompt : *prompts)
    if (std::ssize(prompt) > queue_.capacity())
      return sendError(badInput(isChat ? "messages" : "prompt",
                                fmt::format("it has {} tokens; the model holds {}", prompt.size(),
                                            queue_.capacity()),
                                "Shorten it")
                           .value(),
                       "context_length_exceeded");
  if (queue_.waiting() + prompts->size() * static_cast<size_t>(request->count) >
      options_.mostWaiting)
    return refuse(*reply, 503, "too many requests are waiting", "Try again later");

  if (!request->hasSeed && request->sampling.temperature > 0)
    request->sampling.seed = std::random_device()();
  auto job = std::make_shared<Job>();
  job->head = {.id = fmt::format("{}-{:x}-{}", isChat ? "chatcmpl" : "cmpl", started_, ++lastJob_),
               .model = model_.name,
               .created = now(),
               .isChat = isChat};
  job->request = *std::move(request);
  job->reply = std::move(reply);
  start(job, http.client, *prompts);
}

void OpenAiService::start(const std::shared_ptr<Job>& job, const std::string& client,
                          const std::vector<std::vector<int32_t>>& prompts) {
  const ApiRequest& request = job->request;
  std::vector<std::string> stops = request.stops;
  std::vector<int64_t> stopIds;
  if (!request.ignoresEnd) stopIds = model_.stopIds;
  if (request.isChat) {
    const ConversationFormat& format = model_.format;
    stops.insert(stops.end(), format.stops().begin(), format.stops().end());
    if (!request.ignoresEnd)
      stopIds.insert(stopIds.end(), format.stopIds().begin(), format.stopIds().end());
  }
  GenerationOptions options;
  options.sampling = request.sampling;
  options.maxNewTokens = request.maxTokens.value_or(queue_.capacity());
  job->left = prompts.size() * static_cast<size_t>(request.count);
  for (size_t i = 0; i < job->left; ++i) {
    std::optional<AnswerStream::Calls> calls;
    if (!request.tools.is_null())
      calls = {.style = *model_.format.toolCalls(),
               .markers = model_.format.toolMarkers(),
               .seed = fmt::format("{}/{}", job->head.id, i)};
    job->answers.emplace_back(model_.tokenizer, stops, request.topLogProbs >= 0, request.isChat,
                              std::move(calls));
  }
  if (request.isStream) {
    job->reply->beginStream();
    for (size_t i = 0; request.isChat && i < job->answers.size(); ++i)
      job->reply->event(jsonLine(roleChunk(job->head, static_cast<int64_t>(i))));
  }
  job->reply->onGone([this, weak = std::weak_ptr<Job>(job)] {
    const std::shared_ptr<Job> gone = weak.lock();
    if (!gone) return;
    for (const int64_t number : gone->numbers) queue_.cancel(number);
  });
  for (size_t i = 0; i < job->answers.size(); ++i) {
    const std::vector<int32_t>& prompt = prompts[i / static_cast<size_t>(request.count)];
    if (i % static_cast<size_t>(request.count) == 0) job->usage.promptTokens += std::ssize(prompt);
    Json asked = makeRequest(options, prompt, stopIds);
    if (request.topLogProbs >= 0) asked["top_logprobs"] = request.topLogProbs;
    job->numbers.push_back(queue_.add(
        client, std::move(asked),
        [job, i](const ServedToken& token) {
          job->onToken(i, token);
          return !job->answers[i].hasStopped() && !job->hasFailed;
        },
        [job, i](const Result<std::string>& end) { job->onEnd(i, end); }));
    // Further answers to the same prompt differ.
    ++options.sampling.seed;
  }
}

}  // namespace z2
