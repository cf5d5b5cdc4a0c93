#include "core/generate/text_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/text/utf8.h"

namespace z2 {

namespace {

// Bytes of `text` before a character that its end cuts off.
size_t completeLength(std::string_view text) {
  const size_t first = text.size() > 4 ? text.size() - 4 : 0;
  for (size_t at = text.size(); at-- > first;) {
    const auto byte = static_cast<uint8_t>(text[at]);
    if (byte < 0x80) return text.size();
    if (byte < 0xC0) continue;
    const DecodedCharacter character = decodeUtf8(text, at);
    const bool isCutOff = !character.isValid && at + character.length == text.size() &&
                          utf8Length(text[at]) > text.size() - at;
    return isCutOff ? at : text.size();
  }
  return text.size();
}

// Length of the longest end of `text` that is the beginning of `stop`.
size_t overlap(std::string_view text, std::string_view stop) {
  for (size_t size = std::min(text.size(), stop.size()); size > 0; --size)
    if (text.ends_with(stop.substr(0, size))) return size;
  return 0;
}

}  // namespace

TextStream::TextStream(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
                       std::vector<int32_t> shown)
    : tokenizer_(std::move(tokenizer)), stops_(std::move(stops)), shown_(std::move(shown)) {}

std::string TextStream::push(int32_t id) {
  if (hasStopped_) return {};
  if (tokenizer_->isSpecial(id)) {
    if (std::ranges::find(shown_, id) == shown_.end()) return {};
    held_ += tokenizer_->tokenString(id);
  } else {
    held_ += tokenizer_->tokenBytes(id);
  }
  size_t first = std::string::npos;
  for (const std::string& stop : stops_) first = std::min(first, held_.find(stop));
  if (first != std::string::npos) {
    held_.resize(first);
    hasStopped_ = true;
    return give(held_.size());
  }
  size_t free = completeLength(held_);
  for (const std::string& stop : stops_) free = std::min(free, held_.size() - overlap(held_, stop));
  return give(free);
}

std::string TextStream::finish() { return give(held_.size()); }

std::string TextStream::give(size_t bytes) {
  std::string buffer;
  std::string given(replaceInvalidUtf8(std::string_view(held_).substr(0, bytes), buffer));
  held_.erase(0, bytes);
  text_ += given;
  return given;
}

}  // namespace z2
