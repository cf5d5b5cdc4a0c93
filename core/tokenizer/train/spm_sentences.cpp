#include "core/tokenizer/train/spm_sentences.h"

#include <algorithm>

#include "core/text/utf8.h"

namespace z2 {

namespace {

// Where to cut a line that is longer than `longest`: behind the last space, else between
// characters.
size_t cutPlace(std::string_view line, size_t longest) {
  const size_t space = line.rfind(' ', longest - 1);
  if (space != std::string_view::npos && space > 0) return space + 1;
  size_t at = longest;
  while (at > 1 && isContinuationByte(line[at])) --at;
  return at;
}

}  // namespace

Result<std::optional<std::string_view>> SpmSentences::next() {
  while (at_ == sentences_.size()) {
    Z2_TRY(const bool isRead, readBlock());
    if (!isRead) return std::nullopt;
  }
  return sentences_[at_++];
}

Result<bool> SpmSentences::readBlock() {
  sentences_.clear();
  at_ = 0;
  Z2_TRY(const bool isRead, texts_.next(block_));
  if (!isRead) return false;
  Z2_TRY_VOID(texts_.forEachDocument(block_, composer_, [&](std::string_view text) -> Result<void> {
    addDocument(text);
    return {};
  }));
  if (progress_ != nullptr) progress_->advance(block_.records.sourceBytes);
  return true;
}

void SpmSentences::addDocument(std::string_view text) {
  ++documents_;
  bytes_ += text.size();
  bool isCut = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    isCut = isCut || line.size() > kLongest;
    addLine(line);
    at = end + 1;
  }
  if (isCut) ++cutDocuments_;
}

void SpmSentences::addLine(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  while (line.size() > kLongest) {
    const size_t place = cutPlace(line, kLongest);
    sentences_.emplace_back(line.substr(0, place));
    line.remove_prefix(place);
  }
  if (!line.empty()) sentences_.emplace_back(line);
}

}  // namespace z2
