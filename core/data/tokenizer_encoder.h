#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/data/text_encoder.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// A Tokenizer as the data pipeline sees it; shares it. `endOfText` takes the place of the
// tokenizer's own; it may lie behind its vocabulary, which then counts as so much larger.
class TokenizerEncoder final : public TextEncoder {
 public:
  explicit TokenizerEncoder(std::shared_ptr<const Tokenizer> tokenizer,
                            std::optional<int32_t> endOfText = std::nullopt);

  [[nodiscard]] std::unique_ptr<Session> session() const override;
  [[nodiscard]] int64_t vocabSize() const override { return vocabSize_; }
  [[nodiscard]] std::optional<int32_t> endOfText() const override { return endOfText_; }
  [[nodiscard]] std::string hash() const override { return tokenizer_->hash(); }

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::optional<int32_t> endOfText_;
  int64_t vocabSize_;
};

}  // namespace z2
