#include "core/tokenizer/spm_tokenizer.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/utf8.h"
#include "core/tokenizer/encode_buffers.h"
#include "core/tokenizer/hf_decoder.h"
#include "core/tokenizer/merger.h"

namespace z2 {

namespace {

// Sixteen bytes a byte are needed to encode it, and normalizing makes it longer.
constexpr size_t kLongestUnigramText = size_t{256} << 20;
constexpr size_t kKeptPaths = size_t{1} << 20;

}  // namespace

SpmTokenizer::SpmTokenizer(SentencePieceModel model)
    : Tokenizer(Family::kSentencePiece), model_(std::move(model)) {}

Result<std::shared_ptr<SpmTokenizer>> SpmTokenizer::make(SentencePieceModel model) {
  if (model.kind != SentencePieceModel::Kind::kBpe &&
      model.kind != SentencePieceModel::Kind::kUnigram) {
    constexpr std::string_view kNames[] = {"", "unigram", "bpe", "word", "char"};
    return badInput("trainer_spec.model_type",
                    "a sentencepiece model of type \"" +
                        std::string(kNames[static_cast<size_t>(model.kind)]) +
                        "\" is not supported",
                    "Use a model that was trained with --model_type=bpe or unigram");
  }
  auto made = std::make_shared<SpmTokenizer>(std::move(model));
  Z2_TRY_VOID(made->index());
  return made;
}

std::string SpmTokenizer::tokenBytes(int32_t id) const {
  if (id < 0 || id >= vocabSize_) return {};
  const std::string& piece = model_.pieces[static_cast<size_t>(id)].piece;
  if (typeOf(id) == Type::kByte)
    if (const auto byte = byteFallbackByte(piece)) return {static_cast<char>(*byte)};
  if (typeOf(id) == Type::kControl || typeOf(id) == Type::kUnknown) return piece;
  std::vector<MatchRange> matches;
  findString(piece, kSpaceMark, matches);
  return replaceMatches(piece, matches, " ");
}

std::string_view SpmTokenizer::tokenString(int32_t id) const {
  if (id < 0 || id >= vocabSize_) return {};
  return model_.pieces[static_cast<size_t>(id)].piece;
}

std::optional<int32_t> SpmTokenizer::tokenId(std::string_view spelling) const {
  if (const auto found = reserved_.find(spelling); found != reserved_.end()) return found->second;
  if (const auto found = pieces_.find(spelling); found != pieces_.end()) return found->second;
  return std::nullopt;
}

Result<void> SpmTokenizer::encodeText(std::string_view text, bool allowSpecial,
                                      EncodeScratch::Buffers& buffers,
                                      std::vector<int32_t>& out) const {
  if (isUnigram() && text.size() > kLongestUnigramText)
    return badInput("", "a text of more than 256 MiB is too long for a unigram model",
                    "Cut it into documents");
  if (controlMatcher_.isIdle(allowSpecial)) {
    normalizer_.apply(text, buffers.repaired);
    encodeNormalized(buffers.repaired, buffers, out);
    return {};
  }
  text = replaceInvalidUtf8(text, buffers.spelled);
  buffers.rawSections.clear();
  controlMatcher_.split(text, true, buffers.rawSections);
  for (const AddedTokenMatcher::Section& section : buffers.rawSections) {
    if (section.id >= 0) {
      out.push_back(section.id);
      continue;
    }
    normalizer_.apply(section.text, buffers.repaired, section.text.data() == text.data());
    encodeNormalized(buffers.repaired, buffers, out);
  }
  return {};
}

void SpmTokenizer::encodeNormalized(std::string_view text, EncodeScratch::Buffers& buffers,
                                    std::vector<int32_t>& out) const {
  if (isUnigram()) return encodeUnigram(text, buffers, out);
  constexpr int32_t kStart = -2;  // before the stretch's first character
  size_t begin = 0;
  int32_t previous = kStart;
  const auto finishStretch = [&](size_t end) {
    if (end > begin) encodeStretch(text.substr(begin, end - begin), buffers, out);
    begin = end;
    previous = kStart;
  };
  for (size_t at = 0; at < text.size();) {
    if (!userSymbols_.isEmpty()) {
      const size_t length = userSymbols_.longest(text.substr(at));
      if (length > 0) {
        finishStretch(at);
        out.push_back(pieces_.find(text.substr(at, length))->second);
        at += length;
        begin = at;
        continue;
      }
    }
    uint32_t length = 0;
    const int32_t symbol = characters_.at(decodeValidUtf8(text.data() + at, length));
    const bool isCut = previous != kStart && ((symbol | previous) < 0 ||
                                              !junctions_.mayJoin(static_cast<uint32_t>(previous),
                                                                  static_cast<uint32_t>(symbol)));
    if (isCut) finishStretch(at);
    previous = symbol;
    at += length;
  }
  finishStretch(text.size());
}

void SpmTokenizer::encodeStretch(std::string_view text, EncodeScratch::Buffers& buffers,
                                 std::vector<int32_t>& out) const {
  const size_t before = out.size();
  // Neighbouring unknown characters are one unknown token, across stretches too.
  const bool isAfterUnknown = !model_.hasByteFallback && !out.empty() && out.back() == unknown_;
  if (text.size() > PieceCache::kMaxKey) {
    mergeStretch(text, buffers, out);
  } else {
    const size_t place = buffers.cache.placeOf(text);
    if (const PieceCache::Entry* entry = buffers.cache.find(place, text)) {
      out.insert(out.end(), entry->ids.data(), entry->ids.data() + entry->count);
    } else {
      mergeStretch(text, buffers, out);
      buffers.cache.insert(place, text, std::span(out).subspan(before));
    }
  }
  if (isAfterUnknown && out.size() > before && out[before] == unknown_)
    out.erase(out.begin() + static_cast<ptrdiff_t>(before));
}

void SpmTokenizer::mergeStretch(std::string_view text, EncodeScratch::Buffers& buffers,
                                std::vector<int32_t>& out) const {
  std::vector<int32_t>& symbols = buffers.symbols;
  symbols.clear();
  for (size_t at = 0; at < text.size();) {
    uint32_t length = 0;
    const int32_t symbol = characters_.at(decodeValidUtf8(text.data() + at, length));
    // Only a stretch of one character may hold one that no piece contains.
    if (symbol < 0) return appendUnlisted(text, out);
    symbols.push_back(symbol);
    at += length;
  }
  mergeSymbols(merges_, buffers.merges, symbols);
  const size_t before = out.size();
  for (const int32_t symbol : symbols) {
    if (symbol < vocabSize_) {
      out.push_back(symbol);
      continue;
    }
    appendUnlisted(symbolTexts_[static_cast<size_t>(symbol - vocabSize_)], out);
    const size_t count = out.size();
    if (!model_.hasByteFallback && count - before > 1 && out[count - 1] == unknown_ &&
        out[count - 2] == unknown_)
      out.pop_back();
  }
}

// The whole text at once: the best way up to a place depends on all that stands before it.
void SpmTokenizer::encodeUnigram(std::string_view text, EncodeScratch::Buffers& buffers,
                                 std::vector<int32_t>& out) const {
  unigram_.encode(text, unknown_, buffers.unigramPaths, buffers.unigramPieces);
  bool isAfterUnknown = false;
  for (const UnigramPiece& piece : buffers.unigramPieces) {
    const bool isUnknown = piece.id == unknown_;
    if (!isUnknown)
      out.push_back(piece.id);
    else if (model_.hasByteFallback)
      appendUnlisted(text.substr(piece.begin, piece.end - piece.begin), out);
    else if (!isAfterUnknown)
      out.push_back(unknown_);
    isAfterUnknown = isUnknown;
  }
  // One long text does not keep its memory for good.
  if (buffers.unigramPaths.capacity() > kKeptPaths) buffers.unigramPaths = {};
}

void SpmTokenizer::appendUnlisted(std::string_view character, std::vector<int32_t>& out) const {
  if (const auto found = reserved_.find(character); found != reserved_.end()) {
    out.push_back(found->second);
    return;
  }
  if (!model_.hasByteFallback) {
    out.push_back(unknown_);
    return;
  }
  for (const char byte : character) out.push_back(bytePieces_[static_cast<uint8_t>(byte)]);
}

namespace {

// Bytes of neighbouring byte pieces as text; what is broken among them becomes U+FFFD, byte by
// byte.
void flushBytes(std::string& bytes, std::string& text) {
  for (size_t at = 0; at < bytes.size();) {
    const DecodedCharacter decoded = decodeUtf8(bytes, at);
    appendUtf8(text, decoded.codePoint);
    at += decoded.isValid ? decoded.length : 1;
  }
  bytes.clear();
}

}  // namespace

void SpmTokenizer::decodePiece(int32_t id, bool isAtStart, bool& sawSpace,
                               std::string& text) const {
  sawSpace = false;
  if (typeOf(id) == Type::kControl) return;
  if (typeOf(id) == Type::kUnknown) {
    text += model_.unkSurface;
    return;
  }
  std::string_view piece = model_.pieces[static_cast<size_t>(id)].piece;
  if (isAtStart && (model_.addsDummyPrefix || model_.removesExtraWhitespaces) &&
      piece.starts_with(kSpaceMark)) {
    piece.remove_prefix(kSpaceMark.size());
    // Where extra white space is removed, all of it at the start goes.
    sawSpace = !model_.removesExtraWhitespaces;
  }
  std::vector<MatchRange> matches;
  findString(piece, kSpaceMark, matches);
  text += replaceMatches(piece, matches, " ");
}

std::string SpmTokenizer::decodeIds(std::span<const int32_t> ids, bool skipSpecial) const {
  std::string text;
  std::string bytes;
  bool isAtStart = true;
  bool sawSpace = false;
  for (const int32_t id : ids) {
    if (id < 0 || id >= vocabSize_ || (skipSpecial && isSpecial(id))) continue;
    if (typeOf(id) == Type::kByte) {
      const auto byte = byteFallbackByte(model_.pieces[static_cast<size_t>(id)].piece);
      if (byte) bytes.push_back(static_cast<char>(*byte));
      continue;
    }
    flushBytes(bytes, text);
    if (sawSpace || !text.empty()) isAtStart = false;
    decodePiece(id, isAtStart, sawSpace, text);
  }
  flushBytes(bytes, text);
  return denormalizer_.isEmpty() ? text : denormalizer_.apply(text);
}

}  // namespace z2
