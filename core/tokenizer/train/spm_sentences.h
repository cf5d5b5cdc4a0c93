#pragma once

// Documents as sentencepiece's trainer takes them: lines without their ends, none too long.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/tokenizer/train/training_texts.h"

namespace z2 {

// Thread-compatible.
class SpmSentences {
 public:
  // Longer lines are cut, at a space where there is one: sentencepiece would drop them in silence,
  // or end the process over a word of more than 65,535 characters.
  static constexpr size_t kLongest = size_t{1} << 14;

  SpmSentences(TrainingTexts& texts, Progress* progress)
      : texts_(texts), progress_(progress), composer_(texts.composer()) {}

  // The next sentence, valid until the next call; nullopt at the end.
  [[nodiscard]] Result<std::optional<std::string_view>> next();

  [[nodiscard]] uint64_t documents() const { return documents_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }
  [[nodiscard]] uint64_t cutDocuments() const { return cutDocuments_; }

 private:
  [[nodiscard]] Result<bool> readBlock();
  void addDocument(std::string_view text);
  void addLine(std::string_view line);

  TrainingTexts& texts_;
  Progress* progress_;
  TextBlock block_;
  RecordComposer composer_;
  std::vector<std::string> sentences_;  // of the current block
  size_t at_ = 0;
  uint64_t documents_ = 0;
  uint64_t bytes_ = 0;
  uint64_t cutDocuments_ = 0;
};

}  // namespace z2
