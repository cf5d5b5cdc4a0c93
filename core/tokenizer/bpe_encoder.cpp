#include "core/tokenizer/bpe_encoder.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/utf8.h"
#include "core/tokenizer/encode_buffers.h"
#include "core/tokenizer/hf_decoder.h"
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

// Shorter pieces merge faster than they are cut.
constexpr size_t kShortestCut = 9;

// The bytes of at most one character in one number.
uint32_t packed(std::string_view bytes) {
  uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

// The bytes of the last character, or all of `text` when it holds no first byte of one.
std::string_view tailOf(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && isContinuationByte(text[at])) --at;
  return text.substr(at);
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
    made.longestToken_ = std::max(made.longestToken_, token.size());
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
  made.indexJunctions(model);
  return made;
}

std::optional<int32_t> BpeEncoder::find(std::string_view spelling) const {
  const auto found = vocabulary_.find(spelling);
  return found == vocabulary_.end() ? std::nullopt : std::optional(found->second);
}

void BpeEncoder::encode(std::string_view piece, EncodeScratch::Buffers& buffers,
                        std::vector<int32_t>& out) const {
  encodeCached(piece, buffers, out, &BpeEncoder::encodeUncached);
}

void BpeEncoder::encodeCached(std::string_view piece, EncodeScratch::Buffers& buffers,
                              std::vector<int32_t>& out, Encode encodeNew) const {
  if (piece.size() > PieceCache::kMaxKey) {
    (this->*encodeNew)(piece, buffers, out);
    return;
  }
  const PieceCache::Entry* entry = buffers.cache.find(buffers.cache.placeOf(piece), piece);
  if (entry != nullptr) {
    out.insert(out.end(), entry->ids.data(), entry->ids.data() + entry->count);
    return;
  }
  const size_t before = out.size();
  (this->*encodeNew)(piece, buffers, out);
  // Its segments may have made the cache grow: the place is looked up again.
  buffers.cache.insert(buffers.cache.placeOf(piece), piece, std::span(out).subspan(before));
}

void BpeEncoder::encodeUncached(std::string_view piece, EncodeScratch::Buffers& buffers,
                                std::vector<int32_t>& out) const {
  if (ignoresMerges_ && piece.size() <= longestToken_) {
    std::string_view spelling = piece;
    if (isByteLevel_) spelling = buffers.spelled = ByteAlphabet::spell(piece);
    if (const auto id = find(spelling)) {
      out.push_back(*id);
      return;
    }
  }
  if (canCut_ && piece.size() >= kShortestCut)
    mergePiece(piece, buffers, out);
  else
    mergeSegment(piece, buffers, out);
}

// Segment by segment. Those of an ignore_merges model are not cached: there a piece and an equal
// segment may encode differently.
void BpeEncoder::mergePiece(std::string_view piece, EncodeScratch::Buffers& buffers,
                            std::vector<int32_t>& out) const {
  size_t begin = 0;
  size_t previous = 0;
  const auto finish = [&](size_t end) {
    const std::string_view segment = piece.substr(begin, end - begin);
    if (ignoresMerges_ || segment.size() == piece.size())
      mergeSegment(segment, buffers, out);
    else
      encodeCached(segment, buffers, out, &BpeEncoder::mergeSegment);
    begin = end;
  };
  for (size_t at = utf8Length(piece[0]); at < piece.size();) {
    const uint32_t length = utf8Length(piece[at]);
    if (isCut(piece.substr(previous, at - previous), piece.substr(at, length))) finish(at);
    previous = at;
    at += length;
  }
  finish(piece.size());
}

void BpeEncoder::mergeSegment(std::string_view piece, EncodeScratch::Buffers& buffers,
                              std::vector<int32_t>& out) const {
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

// Which neighbouring characters some merge joins (core/tokenizer/junction_set.h). In a byte-level
// model the sides of a merge may be parts of characters; the part is then what is remembered.
void BpeEncoder::indexJunctions(const BpeModel& model) {
  if (!prefix_.empty() || !suffix_.empty() || (isByteLevel_ && !hasAllBytes_)) return;
  for (const BpeMerge& merge : model.merges) {
    std::string left = model.tokens[static_cast<size_t>(merge.left)].value_or("");
    std::string right = model.tokens[static_cast<size_t>(merge.right)].value_or("");
    if (isByteLevel_) {
      left = ByteAlphabet::bytesOf(left).value_or("");
      right = ByteAlphabet::bytesOf(right).value_or("");
    } else if (merge.left == unknown_ || merge.right == unknown_ || byteFallbackByte(left) ||
               byteFallbackByte(right)) {
      return;  // their spelling is not what stands in the text
    }
    if (left.empty() || right.empty()) return;
    if (isContinuationByte(right[0])) continue;  // inside of a character
    const std::string_view tail = tailOf(left);
    const std::string_view head = std::string_view(right).substr(0, utf8Length(right[0]));
    hasPartialLeft_ = hasPartialLeft_ || isContinuationByte(tail[0]);
    hasPartialRight_ = hasPartialRight_ || head.size() < utf8Length(right[0]);
    junctions_.add(packed(tail), packed(head));
  }
  canCut_ = true;
}

bool BpeEncoder::mayJoinBytes(std::string_view left, std::string_view right) const {
  const size_t tails = hasPartialLeft_ ? left.size() : 1;
  const size_t heads = hasPartialRight_ ? right.size() : 1;
  for (size_t i = 0; i < tails; ++i)
    for (size_t j = 0; j < heads; ++j)
      if (junctions_.mayJoin(packed(left.substr(i)), packed(right.substr(0, right.size() - j))))
        return true;
  return false;
}

// `left` and `right` are neighbouring characters.
bool BpeEncoder::isCut(std::string_view left, std::string_view right) const {
  if (isByteLevel_) return !mayJoinBytes(left, right);
  // Unknown characters stay with their neighbours, for they may fuse.
  if (idOfCharacter(left, false, false) < 0 || idOfCharacter(right, false, false) < 0) return false;
  return !junctions_.mayJoin(packed(left), packed(right));
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
