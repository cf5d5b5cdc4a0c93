#include "core/serve/answer_queue.h"

#include <optional>

namespace z2 {

namespace {

ServedToken tokenOf(const Json& message) {
  ServedToken token{.id = message.value("id", -1), .logProb = message.value("logprob", 0.0)};
  for (const Json& entry : message.value("top", Json::array()))
    if (entry.is_array() && entry.size() == 2 && entry[1].is_number())
      token.top.emplace_back(entry[0].get<int32_t>(), entry[1].get<double>());
  return token;
}

}  // namespace

AnswerQueue::AnswerQueue(EngineProcess engine)
    : engine_(std::move(engine)),
      rows_(engine_.ready().value("rows", size_t{1})),
      capacity_(engine_.ready().value("capacity", int64_t{0})) {}

int64_t AnswerQueue::add(const std::string& client, Json request, OnToken onToken, OnEnd onEnd) {
  request["request"] = ++lastNumber_;
  waiting_.push(client, {lastNumber_, std::move(request), std::move(onToken), std::move(onEnd)});
  fill();
  return lastNumber_;
}

void AnswerQueue::cancel(int64_t number) {
  OnEnd onEnd;
  const bool wasWaiting = waiting_.remove([&](Answer& answer) {
    if (answer.number != number) return false;
    onEnd = std::move(answer.onEnd);
    return true;
  });
  if (wasWaiting) return onEnd(std::string("interrupted"));
  const auto found = running_.find(number);
  if (found == running_.end() || found->second.isCancelled) return;
  found->second.isCancelled = true;
  (void)engine_.send({{"cancel", number}});  // poll() sees an engine that has ended
}

void AnswerQueue::stop() { (void)engine_.send({{"cancel", true}}); }

void AnswerQueue::fill() {
  while (running_.size() < rows_ && !waiting_.isEmpty()) {
    Answer answer = waiting_.pop();
    (void)engine_.send(answer.request);
    const int64_t number = answer.number;
    running_.emplace(number, std::move(answer));
  }
}

Result<void> AnswerQueue::poll() {
  while (engine_.hasMessage()) {
    const Result<std::optional<Json>> message = engine_.receive();
    if (!message) {
      fail(message.error());
      return tl::unexpected(message.error());
    }
    if (*message) take(**message);
  }
  return {};
}

void AnswerQueue::take(const Json& message) {
  const auto found = running_.find(message.value("request", int64_t{0}));
  if (found == running_.end()) return;
  Answer& answer = found->second;
  if (message.contains("id")) {
    if (!answer.isCancelled && !answer.onToken(tokenOf(message))) cancel(answer.number);
    return;
  }
  const OnEnd onEnd = std::move(answer.onEnd);
  running_.erase(found);
  if (message.contains("error"))
    onEnd(tl::unexpected(errorOf(message)));
  else
    onEnd(message.value("end", std::string("stop")));
  fill();
}

void AnswerQueue::fail(const Error& error) {
  std::vector<OnEnd> ends;
  for (auto& [number, answer] : running_) ends.push_back(std::move(answer.onEnd));
  running_.clear();
  while (!waiting_.isEmpty()) ends.push_back(waiting_.pop().onEnd);
  for (const OnEnd& onEnd : ends) onEnd(tl::unexpected(error));
}

}  // namespace z2
