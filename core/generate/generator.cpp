#include "core/generate/generator.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/generate/token_log_probs.h"

namespace z2 {

namespace {

constexpr int64_t kPromptChunk = 256;  // tokens of a prompt that are read at a step
constexpr int32_t kRests = -1;

int64_t sharedLength(const std::vector<int32_t>& a, const std::vector<int32_t>& b) {
  return std::ranges::mismatch(a, b).in1 - a.begin();
}

}  // namespace

std::string_view nameOf(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContext:
      return "context";
    case FinishReason::kInterrupted:
      return "interrupted";
  }
  return "";
}

struct Generator::Answer {
  int64_t number = 0;
  GenerateRequest request;
  OnToken onToken;
  OnEnd onEnd;
  Sampler sampler;
  std::vector<int32_t> context = {};  // prompt and answer so far
  int64_t tokens = 0;                 // of the answer
  bool isCancelled = false;
};

Generator::Generator(LlamaInference inference, int64_t vocabSize, int64_t rows)
    : inference_(std::move(inference)), vocabSize_(vocabSize), rows_(static_cast<size_t>(rows)) {}
Generator::Generator(Generator&&) noexcept = default;
Generator::~Generator() = default;

Result<Generator> Generator::create(const Llama& model, int64_t capacity, int64_t rows) {
  if (model.config().ropeScaling == RopeScaling::kDynamic) rows = 1;
  Z2_TRY(LlamaInference inference,
         LlamaInference::create(
             model, {.rows = rows, .capacity = capacity, .prefillChunk = kPromptChunk}));
  return Generator(std::move(inference), model.config().vocabSize, rows);
}

Result<void> Generator::check(const GenerateRequest& request) const {
  Z2_TRY_VOID(validate(request.sampling));
  if (request.prompt.empty())
    return badInput("prompt", "there is no token to begin with", "Give a text");
  for (const int32_t id : request.prompt)
    if (id < 0 || id >= vocabSize_)
      return badInput(
          "prompt",
          fmt::format("token {} is outside of the model's vocabulary of {}", id, vocabSize_),
          "Use the tokenizer that the model was trained with");
  if (static_cast<int64_t>(request.prompt.size()) > capacity())
    return badInput("prompt",
                    fmt::format("the prompt has {} tokens; the model holds {}",
                                request.prompt.size(), capacity()),
                    "Shorten the prompt");
  return {};
}

Result<int64_t> Generator::add(GenerateRequest request, OnToken onToken, OnEnd onEnd) {
  Z2_TRY_VOID(check(request));
  const SamplingOptions sampling = request.sampling;
  auto answer = std::make_unique<Answer>(Answer{
      ++lastAnswer_, std::move(request), std::move(onToken), std::move(onEnd), Sampler(sampling)});
  answer->context = answer->request.prompt;
  waiting_.push_back(std::move(answer));
  return lastAnswer_;
}

void Generator::cancel(int64_t answer) {
  for (const std::unique_ptr<Answer>& waiting : waiting_)
    if (waiting->number == answer) waiting->isCancelled = true;
  for (const Row& row : rows_)
    if (row.answer && row.answer->number == answer) row.answer->isCancelled = true;
}

void Generator::cancelAll() {
  for (const std::unique_ptr<Answer>& waiting : waiting_) waiting->isCancelled = true;
  for (const Row& row : rows_)
    if (row.answer) row.answer->isCancelled = true;
}

bool Generator::isIdle() const {
  return waiting_.empty() &&
         std::ranges::none_of(rows_, [](const Row& row) { return row.answer != nullptr; });
}

void Generator::finish(int64_t row, const Result<FinishReason>& reason) {
  const std::unique_ptr<Answer> answer = std::move(rows_[static_cast<size_t>(row)].answer);
  answer->onEnd(reason);
}

// Each waiting answer to the free row that holds the most of its prompt; the first among equals, so
// that few answers use few rows.
void Generator::admit() {
  std::erase_if(waiting_, [](const std::unique_ptr<Answer>& answer) {
    const bool isOver = answer->isCancelled || answer->request.maxNewTokens <= 0;
    if (isOver)
      answer->onEnd(answer->isCancelled ? FinishReason::kInterrupted : FinishReason::kLength);
    return isOver;
  });
  while (!waiting_.empty()) {
    int64_t best = -1;
    int64_t mostShared = -1;
    for (int64_t row = 0; row < rows(); ++row) {
      const Row& candidate = rows_[static_cast<size_t>(row)];
      if (candidate.answer) continue;
      const int64_t shared = sharedLength(candidate.cached, waiting_.front()->request.prompt);
      if (shared > mostShared) std::tie(best, mostShared) = std::pair(row, shared);
    }
    if (best < 0) return;
    Row& row = rows_[static_cast<size_t>(best)];
    row.answer = std::move(waiting_.front());
    waiting_.pop_front();
    // The last token is always read again: its logits are what the answer begins with.
    const int64_t kept = std::min(mostShared, std::ssize(row.answer->request.prompt) - 1);
    inference_.truncate(best, kept);
    row.cached.resize(static_cast<size_t>(kept));
  }
}

Result<void> Generator::read(int64_t row) {
  std::vector<int32_t>& cached = rows_[static_cast<size_t>(row)].cached;
  const std::vector<int32_t>& prompt = rows_[static_cast<size_t>(row)].answer->request.prompt;
  const auto rest = std::span(prompt).subspan(cached.size());
  const auto chunk = rest.first(std::min<size_t>(rest.size(), kPromptChunk));
  Z2_TRY(const std::vector<float> logits, inference_.prefill(row, chunk));
  cached.insert(cached.end(), chunk.begin(), chunk.end());
  if (cached.size() == prompt.size()) advance(row, logits);
  return {};
}

Result<void> Generator::decode() {
  std::vector<int32_t> tokens(rows_.size(), kRests);
  size_t used = 0;
  for (size_t row = 0; row < rows_.size(); ++row) {
    const Answer* const answer = rows_[row].answer.get();
    if (answer == nullptr || answer->tokens == 0) continue;
    tokens[row] = answer->context.back();
    used = row + 1;
  }
  if (used == 0) return {};
  tokens.resize(used);
  if (isGreedy(tokens)) return decodeGreedy(tokens);
  Z2_TRY(const std::vector<float> logits, inference_.decode(tokens));
  for (size_t row = 0; row < used; ++row) {
    if (tokens[row] == kRests) continue;
    rows_[row].cached.push_back(tokens[row]);
    const auto V = static_cast<size_t>(vocabSize_);
    advance(static_cast<int64_t>(row), std::span(logits).subspan(row * V, V));
  }
  return {};
}

bool Generator::isGreedy(std::span<const int32_t> tokens) const {
  for (size_t row = 0; row < tokens.size(); ++row) {
    if (tokens[row] == kRests) continue;
    const GenerateRequest& request = rows_[row].answer->request;
    if (!request.sampling.isGreedy() || request.topLogProbs >= 0) return false;
  }
  return true;
}

int64_t Generator::stepsTogether(std::span<const int32_t> tokens) const {
  int64_t steps = inference_.stepsAhead();
  for (size_t row = 0; row < tokens.size(); ++row) {
    if (tokens[row] == kRests) return 1;
    const Answer& answer = *rows_[row].answer;
    steps = std::min({steps, answer.request.maxNewTokens - answer.tokens,
                      capacity() - inference_.length(static_cast<int64_t>(row))});
  }
  return steps;
}

Result<void> Generator::decodeGreedy(std::span<const int32_t> tokens) {
  const int64_t steps = stepsTogether(tokens);
  Z2_TRY(const std::vector<int32_t> chosen, inference_.decodeGreedy(tokens, steps));
  for (size_t row = 0; row < tokens.size(); ++row) {
    if (tokens[row] == kRests) continue;
    std::vector<int32_t>& cached = rows_[row].cached;
    int32_t last = tokens[row];
    for (int64_t i = 0; i < steps && rows_[row].answer != nullptr; ++i) {
      cached.push_back(last);
      last = chosen[static_cast<size_t>(i) * tokens.size() + row];
      if (last < 0) {
        finish(static_cast<int64_t>(row), noLikelyToken());
      } else {
        tell(static_cast<int64_t>(row), {.id = last});
      }
    }
    // What was computed behind an answer's end is forgotten.
    inference_.truncate(static_cast<int64_t>(row), std::ssize(cached));
  }
  return {};
}

void Generator::advance(int64_t row, std::span<const float> logits) {
  Answer& answer = *rows_[static_cast<size_t>(row)].answer;
  const Result<int32_t> id =
      answer.sampler.next(logits, answer.context, static_cast<uint64_t>(answer.tokens));
  if (!id) return finish(row, tl::unexpected(id.error()));
  GeneratedToken token{.id = *id};
  if (answer.request.topLogProbs >= 0) {
    token.logProb = static_cast<float>(logits[static_cast<size_t>(*id)] - logSumExp(logits));
    token.top = topLogProbs(logits, answer.request.topLogProbs);
  }
  tell(row, token);
}

void Generator::tell(int64_t row, const GeneratedToken& token) {
  Answer& answer = *rows_[static_cast<size_t>(row)].answer;
  answer.context.push_back(token.id);
  ++answer.tokens;
  const bool goesOn = answer.onToken(token);
  if (std::ranges::find(answer.request.stopIds, token.id) != answer.request.stopIds.end())
    return finish(row, FinishReason::kStop);
  if (!goesOn) return finish(row, FinishReason::kInterrupted);
  if (answer.tokens == answer.request.maxNewTokens) return finish(row, FinishReason::kLength);
  const auto cached = std::ssize(rows_[static_cast<size_t>(row)].cached);
  if (cached == capacity()) finish(row, FinishReason::kContext);
}

Result<void> Generator::step() {
  for (int64_t row = 0; row < rows(); ++row) {
    const Answer* const answer = rows_[static_cast<size_t>(row)].answer.get();
    if (answer != nullptr && answer->isCancelled) finish(row, FinishReason::kInterrupted);
  }
  admit();
  Z2_TRY_VOID(decode());
  for (int64_t row = 0; row < rows(); ++row) {
    const Answer* const answer = rows_[static_cast<size_t>(row)].answer.get();
    if (answer != nullptr && answer->tokens == 0) Z2_TRY_VOID(read(row));
  }
  return {};
}

Result<FinishReason> Generator::run(const GenerateRequest& request,
                                    const std::function<bool(int32_t)>& onToken) {
  Result<FinishReason> end = FinishReason::kInterrupted;
  Z2_TRY_VOID(add(
      request, [&](const GeneratedToken& token) { return onToken(token.id); },
      [&](const Result<FinishReason>& reason) { end = reason; }));
  while (!isIdle()) Z2_TRY_VOID(step());
  return end;
}

}  // namespace z2
