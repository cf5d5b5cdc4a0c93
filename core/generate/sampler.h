#pragma once

// From the logits of a position to the next token.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// The names and meanings are transformers'.
struct SamplingOptions {
  double temperature = 0;        // 0: always the most likely token
  int64_t topK = 0;              // only the k most likely; 0: all
  double topP = 1;               // only the fewest whose probabilities reach this sum; 1: all
  double minP = 0;               // only those with this share of the largest probability; 0: all
  double repetitionPenalty = 1;  // above 1: what was there already becomes less likely
  // OpenAI's: taken off a token's logit for each time that it came in the answer, and once if it
  // did.
  double frequencyPenalty = 0;
  double presencePenalty = 0;
  uint64_t seed = 0;

  // The token is the most likely one as the model says.
  [[nodiscard]] bool isGreedy() const {
    return temperature == 0 && repetitionPenalty == 1 && frequencyPenalty == 0 &&
           presencePenalty == 0;
  }
};

// kUsage names the value that is out of range.
[[nodiscard]] Result<void> validate(const SamplingOptions& options);

// What next() says where no logit is a number.
[[nodiscard]] tl::unexpected<Error> noLikelyToken();

// Draws with Philox by (seed, step): the same logits give the same token, however many threads
// computed them and whatever was drawn before. Equal logits are told apart by the smaller id.
// Thread-compatible.
class Sampler {
 public:
  explicit Sampler(const SamplingOptions& options) : options_(options) {}  // validated

  // The repetition penalty (Keskar et al., "CTRL", 2019) applies to the tokens of `context`, those
  // of frequency and presence to the answer's alone, which are its last `step`; then temperature,
  // top-k, top-p, min-p (Nguyen et al., 2024). `step` numbers the draws of one answer. kCorrupt
  // when no logit is a number.
  [[nodiscard]] Result<int32_t> next(std::span<const float> logits,
                                     std::span<const int32_t> context, uint64_t step);

 private:
  using Candidate = std::pair<float, int32_t>;  // logit, id

  [[nodiscard]] double weightOf(const Candidate& candidate) const;
  void penalise(std::span<const int32_t> context);
  void penaliseAnswer(std::span<const int32_t> answer);
  void keepTopK();
  void keepTopP();
  void keepMinP();
  [[nodiscard]] int32_t draw(uint64_t step) const;

  SamplingOptions options_;
  float largest_ = 0;  // logit of the candidates
  std::vector<float> logits_;
  std::vector<Candidate> candidates_;
  std::vector<double> weights_;  // of the candidates: exp(logit - largest), not normalised
};

}  // namespace z2
