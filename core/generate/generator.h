#pragma once

// Answers prompts with one model: several at once, each in a row of the key/value cache of its own,
// a token each at a step.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/generate/sampler.h"
#include "core/model/llama_inference.h"

namespace z2 {

struct GenerateRequest {
  std::vector<int32_t> prompt;  // not empty
  int64_t maxNewTokens = 0;
  std::vector<int32_t> stopIds;  // each ends the answer, as its last token
  SamplingOptions sampling;
  int64_t topLogProbs = -1;  // how many alternatives each token tells; -1: no probabilities at all
};

struct GeneratedToken {
  int32_t id = 0;
  // Natural logarithms of the model's own probabilities, before penalty and temperature; only where
  // they were asked for.
  std::optional<float> logProb = {};
  std::vector<std::pair<int32_t, float>> top = {};  // the most likely first
};

enum class FinishReason {
  kStop,         // a stop token came
  kLength,       // maxNewTokens
  kContext,      // the cache is full
  kInterrupted,  // the caller said so
};
[[nodiscard]] std::string_view nameOf(FinishReason reason);  // "stop", "length", …

// One thread at a time.
class Generator {
 public:
  // Returns whether to go on.
  using OnToken = std::function<bool(const GeneratedToken&)>;
  // Called once for each answer, when it has ended or failed.
  using OnEnd = std::function<void(const Result<FinishReason>&)>;

  // Reads the weights of `model`, which must outlive it. `capacity`: positions of prompt and answer
  // of a row; `rows`: answers at once. A model with dynamic RoPE scaling has one row: there
  // neighbours would change each other.
  [[nodiscard]] static Result<Generator> create(const Llama& model, int64_t capacity,
                                                int64_t rows = 1);
  Generator(Generator&&) noexcept;
  Generator& operator=(Generator&&) = delete;
  ~Generator();

  // Answers begin in the order in which they were added. An error: the request is bad and nothing
  // was added. Returns the answer's number.
  [[nodiscard]] Result<int64_t> add(GenerateRequest request, OnToken onToken, OnEnd onEnd);
  // Ends it as interrupted; nothing happens when it has ended.
  void cancel(int64_t answer);
  void cancelAll();
  [[nodiscard]] bool isIdle() const;
  // The next piece of every answer: a part of a long prompt, or a token. What a prompt shares with
  // the tokens that a free row holds is not computed again. An error is the device's.
  [[nodiscard]] Result<void> step();

  // One answer from beginning to end.
  [[nodiscard]] Result<FinishReason> run(const GenerateRequest& request,
                                         const std::function<bool(int32_t)>& onToken);

  [[nodiscard]] int64_t capacity() const { return inference_.capacity(); }
  [[nodiscard]] int64_t rows() const { return static_cast<int64_t>(rows_.size()); }

 private:
  struct Answer;
  struct Row {
    std::vector<int32_t> cached;     // the tokens that the cache holds
    std::unique_ptr<Answer> answer;  // null: the row is free
  };

  Generator(LlamaInference inference, int64_t vocabSize, int64_t rows);
  [[nodiscard]] Result<void> check(const GenerateRequest& request) const;
  void admit();
  [[nodiscard]] Result<void> read(int64_t row);
  [[nodiscard]] Result<void> decode();
  // Where every row's answer takes the most likely token, the device chooses, some tokens at once.
  [[nodiscard]] bool isGreedy(std::span<const int32_t> tokens) const;
  [[nodiscard]] int64_t stepsTogether(std::span<const int32_t> tokens) const;
  [[nodiscard]] Result<void> decodeGreedy(std::span<const int32_t> tokens);
  // Samples the token that follows, tells it, and ends the answer where it ends.
  void advance(int64_t row, std::span<const float> logits);
  void tell(int64_t row, const GeneratedToken& token);
  void finish(int64_t row, const Result<FinishReason>& reason);

  LlamaInference inference_;
  int64_t vocabSize_;
  std::vector<Row> rows_;
  std::deque<std::unique_ptr<Answer>> waiting_;
  int64_t lastAnswer_ = 0;
};

}  // namespace z2
