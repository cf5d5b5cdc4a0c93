#pragma once

// OpenAI's API over one model: /v1/models, /v1/chat/completions, /v1/completions, and /health.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/generate/conversation.h"
#include "core/serve/answer_queue.h"
#include "core/serve/http_server.h"
#include "core/serve/openai_request.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct ServedModel {
  std::string name;
  std::shared_ptr<const Tokenizer> tokenizer;
  ConversationFormat format;
  std::vector<int64_t> stopIds = {};
};

struct ServiceOptions {
  std::string key;   // every request but /health must bring it; empty: none
  std::string host;  // under which the server is known, beside this machine's own names
  size_t mostWaiting = 256;
};

// One thread at a time: the server's loop. Without a key, requests that a web page of another site
// makes are refused (by Origin and Host).
class OpenAiService {
 public:
  OpenAiService(ServedModel model, AnswerQueue queue, ServiceOptions options);

  void handle(const HttpRequest& request, std::shared_ptr<HttpReply> reply);
  // Takes what the engine has said; an error: it has ended.
  [[nodiscard]] Result<void> poll() { return queue_.poll(); }
  void stop() { queue_.stop(); }
  [[nodiscard]] int engineDescriptor() const { return queue_.outputDescriptor(); }

 private:
  struct Job;

  // Nothing when the request may be answered; else the status and what is wrong.
  [[nodiscard]] int refusal(const HttpRequest& request, Error& error) const;
  void sendModels(const std::string& name, HttpReply& reply) const;
  void complete(const HttpRequest& request, bool isChat, std::shared_ptr<HttpReply> reply);
  [[nodiscard]] Result<void> checkTools(const ApiRequest& request) const;
  [[nodiscard]] Result<std::vector<std::vector<int32_t>>> promptsOf(
      const ApiRequest& request) const;
  void start(const std::shared_ptr<Job>& job, const std::string& client,
             const std::vector<std::vector<int32_t>>& prompts);

  ServedModel model_;
  AnswerQueue queue_;
  ServiceOptions options_;
  int64_t started_;  // seconds since 1970
  int64_t lastJob_ = 0;
};

}  // namespace z2
