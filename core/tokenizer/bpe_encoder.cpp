#include "core/tokenizer/bpe_encoder.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/utf8.h"
#include "core/tokenizer/encode_buffers.h"
#include "core/tokenizer/merger.h"
#include "core/tokenizer/pretokenizer.h"

namespace z2 {

namespace {

std::string fallbackSpelling(int byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'<',
          '0',
          'x',
          kDigits[static_cast<size_t>(byte >> 4)],
          kDigits[static_cast<size_t>(byte & 15)],
          '>'};
}

}  // namespace

Result<BpeEncoder> BpeEncoder::create(const BpeModel& model, bool isByteLevel) {
  BpeEncoder made;
  made.isByteLevel_ = isByteLevel;
  made.fusesUnknown_ = model.fusesUnknown;
  made.hasByteFallback_ = model.hasByteFallback;
  made.ignoresMerges_ = model.ignoresMerges;
  made.prefix_ = model.continuingSubwordPrefix.value_or("");
  made.suffix_ = model.endOfWordSuffix.value_or("");
  made.vocabulary_.reserve(model.tokens.size());
  for (size_t id = 0; id < model.tokens.size(); ++id) {
    if (!model.tokens[id]) continue;
    const std::string& token = *model.tokens[id];
    made.vocabulary_.emplace(token, static_cast<int32_t>(id));
    if (token.empty()) continue;
    const DecodedCharacter first = decodeUtf8(token, 0);
    if (first.isValid && first.length == token.size())
      made.characters_.set(first.codePoint, static_cast<int32_t>(id));
  }
  for (int b = 0; b < 256; ++b) {
    made.bytes_.push_back(made.characters_.at(ByteAlphabet::codePoint(static_cast<uint8_t>(b))));
    made.fallbackBytes_.push_back(made.find(fallbackSpelling(b)).value_or(-1));
  }
  made.hasAllBytes_ =
      std::none_of(made.bytes_.begin(), made.bytes_.end(), [](int32_t id) { return id < 0; });
  if (model.unknownToken) {
    made.unknown_ = made.find(*model.unknownToken).value_or(-1);
    if (made.unknown_ < 0)
      return badInput("model.unk_token",
                      "\"" + *model.unknownToken + "\" is not in the vocabulary");
  }
  std::vector<MergeTable::Entry> entries;
  entries.reserve(model.merges.size());
  for (const BpeMerge& merge : model.merges)
    entries.push_back(
        {merge.left, merge.right, merge.result, static_cast<uint32_t>(entries.size())});
  Z2_TRY(made.merges_, MergeTable::create(entries));
  return made;
}

std::optional<int32_t> BpeEncoder::find(std::string_view spelling) const {
  const auto found = vocabulary_.find(spelling);
  return found == vocabulary_.end() ? std::nullopt : std::optional(found->second);
}

void BpeEncoder::encode(std::string_view piece, EncodeScratch::Buffers& buffers,
                        std::vector<int32_t>& out) const {
  if (piece.size() > PieceCache::kMaxKey) {
    encodeUncached(piece, buffers, out);
    return;
  }
  const size_t place = buffers.cache.placeOf(piece);
  if (const PieceCache::Entry* entry = buffers.cache.find(place, piece)) {
    out.insert(out.end(), entry->ids.data(), entry->ids.data() + entry->count);
    return;
  }
  const size_t before = out.size();
  encodeUncached(piece, buffers, out);
  buffers.cache.insert(place, piece, std::span(out).subspan(before));
}

void BpeEncoder::encodeUncached(std::string_view piece, EncodeScratch::Buffers& buffers,
                                std::vector<int32_t>& out) const {
  std::string_view spelling = piece;
  const bool needsSpelling = isByteLevel_ && (ignoresMerges_ || !hasAllBytes_);
  if (needsSpelling) spelling = buffers.spelled = ByteAlphabet::spell(piece);
  if (ignoresMerges_) {
    if (const auto id = find(spelling)) {
      out.push_back(*id);
      return;
    }
  }
  std::vector<int32_t>& symbols = buffers.symbols;
  symbols.clear();
  if (isByteLevel_ && hasAllBytes_ && prefix_.empty() && suffix_.empty())
    byteSymbols(piece, symbols);
  else
    characterSymbols(isByteLevel_ ? (buffers.spelled = ByteAlphabet::spell(piece)) : piece,
                     symbols);
  mergeSymbols(merges_, buffers.merges, symbols);
  out.insert(out.end(), symbols.begin(), symbols.end());
}

void BpeEncoder::byteSymbols(std::string_view piece, std::vector<int32_t>& symbols) const {
  symbols.resize(piece.size());
  for (size_t i = 0; i < piece.size(); ++i) symbols[i] = bytes_[static_cast<uint8_t>(piece[i])];
}

int32_t BpeEncoder::idOfCharacter(std::string_view character, bool isFirst, bool isLast) const {
  const bool isPrefixed = !isFirst && !prefix_.empty();
  const bool isSuffixed = isLast && !suffix_.empty();
  if (isPrefixed || isSuffixed) {
    std::string spelling = isPrefixed ? prefix_ : std::string();
    spelling += character;
    if (isSuffixed) spelling += suffix_;
    return find(spelling).value_or(-1);
  }
  uint32_t length = 0;
  return characters_.at(decodeValidUtf8(character.data(), length));
}

bool BpeEncoder::appendFallbackBytes(std::string_view character,
                                     std::vector<int32_t>& symbols) const {
  for (const char byte : character)
    if (fallbackBytes_[static_cast<uint8_t>(byte)] < 0) return false;
  for (const char byte : character) symbols.push_back(fallbackBytes_[static_cast<uint8_t>(byte)]);
  return true;
}

void BpeEncoder::characterSymbols(std::string_view piece, std::vector<int32_t>& symbols) const {
  // An unknown token is added when the next known one comes, so that a run of unknown characters
  // can fuse into it; fallback bytes overtake it, as they do in `tokenizers`.
  bool hasPendingUnknown = false;
  for (size_t at = 0; at < piece.size();) {
    const uint32_t length = utf8Length(piece[at]);
    const std::string_view character = piece.substr(at, length);
    const int32_t id = idOfCharacter(character, at == 0, at + length == piece.size());
    at += length;
    if (id >= 0) {
      if (hasPendingUnknown) symbols.push_back(unknown_);
      hasPendingUnknown = false;
      symbols.push_back(id);
      continue;
    }
    if (hasByteFallback_) {
      // The prefix and suffix fall back with their character.
      std::string spelling = at != length ? prefix_ : std::string();
      spelling += character;
      if (at == piece.size()) spelling += suffix_;
      if (appendFallbackBytes(spelling, symbols)) continue;
    }
    if (unknown_ < 0) continue;
    if (hasPendingUnknown && !fusesUnknown_) symbols.push_back(unknown_);
    hasPendingUnknown = true;
  }
  if (hasPendingUnknown) symbols.push_back(unknown_);
}

}  // namespace z2
