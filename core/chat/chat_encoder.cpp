#include "core/chat/chat_encoder.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/chat/jinja/lexer.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

// What stands for an end-of-text token that has no spelling of its own.
constexpr std::string_view kEndOfText = "<|endoftext|>";

size_t firstByte(std::string_view text) { return static_cast<unsigned char>(text.front()); }

}  // namespace

ChatEncoder::ChatEncoder(std::shared_ptr<const Tokenizer> tokenizer,
                         std::optional<int32_t> endOfText)
    : tokenizer_(std::move(tokenizer)) {
  const auto add = [&](Special special) {
    if (special.spelling.empty() || isSpecial(special.spelling)) return;
    tokens_.special.push_back(special.spelling);
    special_[firstByte(special.spelling)].push_back(std::move(special));
  };
  for (const SpecialToken& token : tokenizer_->specialTokens()) {
    Special special{token.content, token.id, false, false};
    if (const TokenizerDefinition* definition = tokenizer_->definition())
      for (const AddedToken& added : definition->addedTokens)
        if (added.content == token.content) {
          special.stripsLeft = added.stripsLeft;
          special.stripsRight = added.stripsRight;
        }
    add(std::move(special));
  }
  if (const auto bos = tokenizer_->bosId()) tokens_.bos = tokenizer_->tokenString(*bos);
  const auto eos = endOfText             ? endOfText
                   : tokenizer_->eosId() ? tokenizer_->eosId()
                                         : tokenizer_->endOfTextId();
  if (eos) {
    tokens_.eos = tokenizer_->tokenString(*eos);
    if (tokens_.eos.empty())
      tokens_.eos =
          isSpecial(kEndOfText) ? fmt::format("<|endoftext_{}|>", *eos) : std::string(kEndOfText);
    add({tokens_.eos, *eos, false, false});
  }
  for (auto& group : special_)
    std::stable_sort(group.begin(), group.end(), [](const Special& a, const Special& b) {
      return a.spelling.size() > b.spelling.size();
    });
  findAnchor();
  if (const TokenizerDefinition* definition = tokenizer_->definition())
    addsSpace_ = std::any_of(
        definition->normalizer.begin(), definition->normalizer.end(),
        [](const NormalizerStep& step) { return step.kind == NormalizerStep::Kind::kPrepend; });
}

// Sentencepiece and Metaspace put a space before a document's first word. Whether a tokenizer is of
// that kind shows in what it makes of a word at the start and behind a special token.
void ChatEncoder::findAnchor() {
  constexpr std::string_view kProbe = "a";
  EncodeScratch scratch;
  for (const auto& group : special_)
    for (const Special& special : group) {
      if (special.stripsLeft || special.stripsRight) continue;
      std::vector<int32_t> plain;
      std::vector<int32_t> behind;
      const std::string anchored = special.spelling + std::string(kProbe);
      if (!tokenizer_->encode(kProbe, {}, scratch, plain) ||
          !tokenizer_->encode(anchored, {.allowSpecial = true}, scratch, behind))
        continue;
      if (behind.empty() || behind.front() != special.id) continue;
      behind.erase(behind.begin());
      if (behind != plain) anchor_ = special.spelling;
      return;
    }
}

Result<void> ChatEncoder::encodeContinued(std::string_view text, EncodeScratch& scratch,
                                          std::vector<int32_t>& out) const {
  if (anchor_.empty()) return tokenizer_->encode(text, {}, scratch, out);
  while (!text.empty()) {
    // Only up to the first character of what is spelled like a special token, so that none is read.
    size_t size = 0;
    while (size < text.size() && specialAt(text.substr(size)) == nullptr) ++size;
    if (size < text.size()) size += std::min<size_t>(utf8Length(text[size]), text.size() - size);
    std::vector<int32_t> ids;
    Z2_TRY_VOID(tokenizer_->encode(anchor_ + std::string(text.substr(0, size)),
                                   {.allowSpecial = true}, scratch, ids));
    out.insert(out.end(), ids.begin() + 1, ids.end());
    text.remove_prefix(size);
  }
  return {};
}

const ChatEncoder::Special* ChatEncoder::specialAt(std::string_view text) const {
  for (const Special& one : special_[firstByte(text)])
    if (text.starts_with(one.spelling)) return &one;
  return nullptr;
}

bool ChatEncoder::isSpecial(std::string_view spelling) const {
  if (spelling.empty()) return false;
  const auto& group = special_[firstByte(spelling)];
  return std::any_of(group.begin(), group.end(),
                     [&](const Special& one) { return one.spelling == spelling; });
}

// Behind a line end no space is added, and nothing merges with it.
Result<void> ChatEncoder::encodeBehindText(std::string_view text, EncodeScratch& scratch,
                                           std::vector<int32_t>& out) const {
  if (!addsSpace_) return encodeContinued(text, scratch, out);
  std::vector<int32_t> line;
  std::vector<int32_t> ids;
  Z2_TRY_VOID(tokenizer_->encode("\n", {}, scratch, line));
  Z2_TRY_VOID(tokenizer_->encode("\n" + std::string(text), {}, scratch, ids));
  if (ids.size() < line.size() || !std::equal(line.begin(), line.end(), ids.begin()))
    return encodeContinued(text, scratch, out);
  out.insert(out.end(), ids.begin() + static_cast<ptrdiff_t>(line.size()), ids.end());
  return {};
}

// One conversation on its way to tokens.
class ChatEncoder::Pass {
 public:
  Pass(const ChatEncoder& encoder, EncodeScratch& scratch, ChatTokens& out)
      : encoder_(encoder), scratch_(scratch), out_(out) {}

  Result<void> take(const ChatPiece& piece) {
    if (piece.isTrained != isTrained_) Z2_TRY_VOID(flush());
    isTrained_ = piece.isTrained;
    if (!piece.isTemplate) {
      text_ += piece.text;
      return {};
    }
    std::string_view rest = piece.text;
    while (!rest.empty()) {
      if (const Special* special = encoder_.specialAt(rest)) {
        Z2_TRY_VOID(put(*special));
        rest.remove_prefix(special->spelling.size());
      } else {
        text_ += rest.front();
        rest.remove_prefix(1);
      }
    }
    return {};
  }

  // Tokenizes the text that waits.
  Result<void> flush() {
    std::string_view text = text_;
    if (stripsNext_) text.remove_prefix(jinja::leadingSpace(text));
    if (!text.empty()) {
      Z2_TRY_VOID(goesOn_    ? encoder_.encodeBehindText(text, scratch_, out_.ids)
                  : isStart_ ? encoder_.tokenizer_->encode(text, {}, scratch_, out_.ids)
                             : encoder_.encodeContinued(text, scratch_, out_.ids));
      isStart_ = false;
      goesOn_ = true;
      stripsNext_ = false;
      fillMask();
    }
    text_.clear();
    return {};
  }

 private:
  Result<void> put(const Special& special) {
    if (special.stripsLeft) text_.resize(text_.size() - jinja::trailingSpace(text_));
    Z2_TRY_VOID(flush());
    out_.ids.push_back(special.id);
    fillMask();
    isStart_ = false;
    goesOn_ = false;
    stripsNext_ = special.stripsRight;
    return {};
  }

  void fillMask() { out_.mask.resize(out_.ids.size(), isTrained_ ? 1 : 0); }

  const ChatEncoder& encoder_;
  EncodeScratch& scratch_;
  ChatTokens& out_;
  std::string text_;
  bool isTrained_ = false;
  bool stripsNext_ = false;
  bool isStart_ = true;
  bool goesOn_ = false;  // from other text
};

Result<void> ChatEncoder::encode(std::span<const ChatPiece> pieces, EncodeScratch& scratch,
                                 ChatTokens& out) const {
  Pass pass(*this, scratch, out);
  for (const ChatPiece& piece : pieces) Z2_TRY_VOID(pass.take(piece));
  return pass.flush();
}

}  // namespace z2
