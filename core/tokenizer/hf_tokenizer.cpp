#include "core/tokenizer/hf_tokenizer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/limits.h"
#include "core/text/utf8.h"
#include "core/tokenizer/encode_buffers.h"

namespace z2 {

HfTokenizer::HfTokenizer(TokenizerDefinition definition, Pretokenizer pretokenizer,
                         BpeEncoder encoder, HfNormalizer normalizer, HfDecoder decoder)
    : Tokenizer(Family::kHfBpe),
      definition_(std::move(definition)),
      pretokenizer_(std::move(pretokenizer)),
      encoder_(std::move(encoder)),
      normalizer_(std::move(normalizer)),
      decoder_(std::move(decoder)) {}

Result<std::shared_ptr<HfTokenizer>> HfTokenizer::make(TokenizerDefinition definition) {
  Z2_TRY(Pretokenizer pretokenizer, Pretokenizer::create(definition.pretokenizer));
  Z2_TRY(BpeEncoder encoder, BpeEncoder::create(definition.model, pretokenizer.isByteLevel()));
  Z2_TRY(HfNormalizer normalizer, HfNormalizer::create(definition.normalizer));
  Z2_TRY(HfDecoder decoder, HfDecoder::create(definition.decoder));
  auto made =
      std::make_shared<HfTokenizer>(std::move(definition), std::move(pretokenizer),
                                    std::move(encoder), std::move(normalizer), std::move(decoder));
  Z2_TRY_VOID(made->indexAddedTokens());
  made->indexTokens();
  made->findSpecialIds();
  return made;
}

Result<void> HfTokenizer::indexAddedTokens() {
  std::vector<AddedToken> raw;
  std::vector<AddedToken> normalized;
  std::vector<std::string> rawSpellings;
  std::vector<std::string> normalizedSpellings;
  std::vector<SpecialToken> special;
  HfNormalizer::Workspace workspace;
  for (AddedToken& token : definition_.addedTokens) {
    if (token.content.empty()) continue;
    // A token of the model keeps the model's id, whatever the list says.
    if (const auto id = encoder_.find(token.content)) token.id = *id;
    if (token.id < 0 || static_cast<uint64_t>(token.id) >= limits::kVocabulary)
      return badInput("added_tokens", "the id of \"" + token.content + "\" is out of range");
    if (!addedIds_.emplace(token.content, token.id).second) continue;
    if (token.isSpecial) special.push_back({token.id, token.content});
    if (token.isNormalized) {
      Z2_TRY(const std::string_view spelling, normalizer_.apply(token.content, workspace));
      normalizedSpellings.emplace_back(spelling);
      normalized.push_back(token);
    } else {
      rawSpellings.push_back(token.content);
      raw.push_back(token);
    }
  }
  rawMatcher_ = AddedTokenMatcher(std::move(raw), std::move(rawSpellings));
  normalizedMatcher_ = AddedTokenMatcher(std::move(normalized), std::move(normalizedSpellings));
  setSpecialTokens(std::move(special));
  return {};
}

void HfTokenizer::indexTokens() {
  const auto& tokens = definition_.model.tokens;
  size_t count = tokens.size();
  for (const auto& [content, id] : addedIds_) count = std::max(count, static_cast<size_t>(id) + 1);
  vocabSize_ = static_cast<int32_t>(count);
  spellings_.resize(count);
  for (size_t id = 0; id < tokens.size(); ++id) spellings_[id] = tokens[id].value_or("");
  for (const auto& [content, id] : addedIds_) spellings_[static_cast<size_t>(id)] = content;
  if (!decoder_.isByteLevelOnly()) return;
  bytes_.reserve(count);
  for (const std::string& spelling : spellings_) bytes_.push_back(byteLevelBytes(spelling));
}

void HfTokenizer::findSpecialIds() {
  const auto idOf = [&](const std::string& token) {
    return token.empty() ? std::nullopt : tokenId(token);
  };
  bosId_ = idOf(definition_.bosToken);
  eosId_ = idOf(definition_.eosToken);
  padId_ = idOf(definition_.padToken);
  unkId_ = idOf(definition_.unkToken);
  if (!unkId_ && definition_.model.unknownToken) unkId_ = tokenId(*definition_.model.unknownToken);
  const TemplateDefinition& made = definition_.postProcessor;
  if (!bosId_ && !made.before.empty()) bosId_ = tokenId(made.before.front());
  if (!eosId_ && !made.after.empty()) eosId_ = tokenId(made.after.back());
}

std::string HfTokenizer::tokenBytes(int32_t id) const {
  if (id < 0 || id >= vocabSize_) return {};
  if (isSpecial(id)) return spellings_[static_cast<size_t>(id)];
  if (!bytes_.empty()) return bytes_[static_cast<size_t>(id)];
  return decoder_.bytesInside(spellings_[static_cast<size_t>(id)]);
}

std::string_view HfTokenizer::tokenString(int32_t id) const {
  if (id < 0 || id >= vocabSize_) return {};
  return spellings_[static_cast<size_t>(id)];
}

std::optional<int32_t> HfTokenizer::tokenId(std::string_view spelling) const {
  const auto found = addedIds_.find(spelling);
  return found != addedIds_.end() ? std::optional(found->second) : encoder_.find(spelling);
}

std::string_view HfTokenizer::type() const { return pretokenizer_.isByteLevel() ? "bbpe" : "bpe"; }

Result<void> HfTokenizer::encodeText(std::string_view text, bool allowSpecial,
                                     EncodeScratch::Buffers& buffers,
                                     std::vector<int32_t>& out) const {
  text = replaceInvalidUtf8(text, buffers.repaired);
  if (rawMatcher_.isIdle(allowSpecial))
    return encodeSection(text, true, allowSpecial, buffers, out);
  buffers.rawSections.clear();
  rawMatcher_.split(text, allowSpecial, buffers.rawSections);
  for (const AddedTokenMatcher::Section& section : buffers.rawSections) {
    if (section.id >= 0) {
      out.push_back(section.id);
      continue;
    }
    const bool isAtStart = section.text.data() == text.data();
    Z2_TRY_VOID(encodeSection(section.text, isAtStart, allowSpecial, buffers, out));
  }
  return {};
}

Result<void> HfTokenizer::encodeSection(std::string_view text, bool isAtStart, bool allowSpecial,
                                        EncodeScratch::Buffers& buffers,
                                        std::vector<int32_t>& out) const {
  if (!normalizer_.isIdentity()) {
    Z2_TRY(text, normalizer_.apply(text, buffers.normalizer));
  }
  buffers.sections.clear();
  if (normalizedMatcher_.isIdle(allowSpecial)) {
    if (!text.empty()) buffers.sections.push_back({text, -1});
  } else {
    normalizedMatcher_.split(text, allowSpecial, buffers.sections);
  }
  for (const AddedTokenMatcher::Section& section : buffers.sections) {
    if (section.id >= 0) {
      out.push_back(section.id);
      continue;
    }
    buffers.pieces.clear();
    const bool isFirst = isAtStart && section.text.data() == text.data();
    Z2_TRY_VOID(pretokenizer_.split(section.text, buffers.pretokenizer, buffers.pieces, isFirst));
    for (const std::string_view piece : buffers.pieces) encoder_.encode(piece, buffers, out);
  }
  return {};
}

std::string HfTokenizer::decodeIds(std::span<const int32_t> ids, bool skipSpecial) const {
  const auto isSkipped = [&](int32_t id) {
    return id < 0 || id >= vocabSize_ || (skipSpecial && isSpecial(id));
  };
  if (!bytes_.empty()) {
    std::string bytes;
    for (const int32_t id : ids)
      if (!isSkipped(id)) bytes += bytes_[static_cast<size_t>(id)];
    std::string buffer;
    return std::string(replaceInvalidUtf8(bytes, buffer));
  }
  std::vector<std::string> tokens;
  for (const int32_t id : ids)
    if (!isSkipped(id) && !spellings_[static_cast<size_t>(id)].empty())
      tokens.push_back(spellings_[static_cast<size_t>(id)]);
  return decoder_.decode(std::move(tokens));
}

}  // namespace z2
