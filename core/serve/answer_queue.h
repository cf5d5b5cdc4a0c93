#pragma once

// Requests of many clients on their way through one engine.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/generate/engine_process.h"
#include "core/io/json.h"
#include "core/serve/fair_queue.h"

namespace z2 {

// A token as the engine tells it.
struct ServedToken {
  int32_t id = 0;
  double logProb = 0;  // and the alternatives, when they were asked for
  std::vector<std::pair<int32_t, double>> top = {};
};

// The engine answers as many requests at once as it has rows; the others wait here, clients taking
// turns. One thread at a time.
class AnswerQueue {
 public:
  // Returns whether to go on.
  using OnToken = std::function<bool(const ServedToken&)>;
  // Why it ended, as EngineClient::generate says.
  using OnEnd = std::function<void(const Result<std::string>&)>;

  explicit AnswerQueue(EngineProcess engine);

  // `request` is one of makeRequest (core/generate/generation_request.h). Returns its number. The
  // callbacks come from poll() and cancel() alone.
  int64_t add(const std::string& client, Json request, OnToken onToken, OnEnd onEnd);
  // Its end is "interrupted"; nothing happens when it has ended.
  void cancel(int64_t number);
  // Lets the engine end at once instead of after its answers; nothing may be added afterwards.
  void stop();
  // Takes what the engine has said. An error: it has ended, and so has every answer.
  [[nodiscard]] Result<void> poll();

  [[nodiscard]] size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] size_t running() const { return running_.size(); }
  [[nodiscard]] int64_t capacity() const { return capacity_; }  // tokens of prompt and answer
  [[nodiscard]] int outputDescriptor() const { return engine_.outputDescriptor(); }

 private:
  struct Answer {
    int64_t number = 0;
    Json request;
    OnToken onToken;
    OnEnd onEnd;
    bool isCancelled = false;
  };

  void fill();
  void take(const Json& message);
  void fail(const Error& error);

  EngineProcess engine_;
  size_t rows_;
  int64_t capacity_;
  FairQueue<Answer> waiting_;
  std::map<int64_t, Answer> running_;  // by number
  int64_t lastNumber_ = 0;
};

}  // namespace z2
