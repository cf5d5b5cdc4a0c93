// What SpmTokenizer works out of a model once, before it encodes.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/limits.h"
#include "core/text/utf8.h"
#include "core/tokenizer/hf_decoder.h"
#include "core/tokenizer/spm_tokenizer.h"
#include "core/tokenizer/unigram_model.h"

namespace z2 {

namespace {

std::string pieceName(size_t id) { return "piece " + std::to_string(id); }

// The bytes of the last character.
std::string_view lastCharacter(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && isContinuationByte(text[at])) --at;
  return text.substr(at);
}

}  // namespace

Result<void> SpmTokenizer::index() {
  vocabSize_ = static_cast<int32_t>(model_.pieces.size());
  std::vector<std::string> userSymbols;
  bytePieces_.assign(256, -1);
  int32_t unknowns = 0;
  for (size_t id = 0; id < model_.pieces.size(); ++id) {
    const SentencePiece& piece = model_.pieces[id];
    if (piece.piece.empty()) return badInput(pieceName(id), "it is empty");
    if (!isValidUtf8(piece.piece)) return badInput(pieceName(id), "it is not valid UTF-8");
    if (std::isnan(piece.score)) return badInput(pieceName(id), "its score is not a number");
    if (piece.type == Type::kUnused)
      return badInput(pieceName(id), "pieces of type \"unused\" are not supported",
                      "Train or export the model without a vocabulary restriction");
    const bool isPiece = piece.type == Type::kNormal || piece.type == Type::kUserDefined;
    if (!(isPiece ? pieces_ : reserved_).emplace(piece.piece, static_cast<int32_t>(id)).second)
      return badInput(pieceName(id), "\"" + piece.piece + "\" stands there twice");
    if (piece.type == Type::kUserDefined) userSymbols.push_back(piece.piece);
    if (piece.type == Type::kUnknown) {
      unknown_ = static_cast<int32_t>(id);
      ++unknowns;
    }
    if (piece.type != Type::kByte) continue;
    const auto byte = byteFallbackByte(piece.piece);
    if (!byte) return badInput(pieceName(id), "\"" + piece.piece + "\" is not a byte");
    bytePieces_[*byte] = static_cast<int32_t>(id);
  }
  if (unknowns != 1) return badInput("pieces", "there is not exactly one unknown piece");
  if (model_.hasByteFallback && std::count(bytePieces_.begin(), bytePieces_.end(), -1) > 0)
    return badInput("pieces", "byte_fallback is on, but not all 256 byte pieces are there");
  userSymbols_ = PrefixMatcher(std::move(userSymbols));
  Z2_TRY(normalizer_, SpmNormalizer::create(model_, userSymbols_));
  Z2_TRY(denormalizer_, SpmCharacterMap::create(model_.denormalizerCharsmap));
  indexControlPieces();
  if (isUnigram()) {
    unigram_ = UnigramModel(model_);
    return {};
  }
  indexCharacters();
  return indexMerges();
}

void SpmTokenizer::indexControlPieces() {
  std::vector<SpecialToken> special;
  std::vector<AddedToken> controls;
  std::vector<std::string> spellings;
  for (int32_t id = 0; id < vocabSize_; ++id) {
    if (typeOf(id) != Type::kControl && typeOf(id) != Type::kUnknown) continue;
    const std::string& piece = model_.pieces[static_cast<size_t>(id)].piece;
    special.push_back({id, piece});
    AddedToken token;
    token.id = id;
    token.content = piece;
    token.isSpecial = true;
    controls.push_back(std::move(token));
    spellings.push_back(piece);
  }
  const auto controlId = [&](const std::string& piece) -> std::optional<int32_t> {
    const auto found = reserved_.find(piece);
    if (found == reserved_.end() || typeOf(found->second) != Type::kControl) return std::nullopt;
    return found->second;
  };
  bosId_ = controlId(model_.bosPiece);
  eosId_ = controlId(model_.eosPiece);
  padId_ = controlId(model_.padPiece);
  unkId_ = unknown_;
  controlMatcher_ = AddedTokenMatcher(std::move(controls), std::move(spellings));
  setSpecialTokens(std::move(special));
}

// Characters that are pieces are their ids; others that occur inside of pieces get symbols past
// the vocabulary.
void SpmTokenizer::indexCharacters() {
  const auto forEachPiece = [&](auto visit) {
    for (int32_t id = 0; id < vocabSize_; ++id)
      if (typeOf(id) == Type::kNormal) visit(id, model_.pieces[static_cast<size_t>(id)].piece);
  };
  forEachPiece([&](int32_t id, const std::string& piece) {
    uint32_t length = 0;
    const char32_t codePoint = decodeValidUtf8(piece.data(), length);
    if (length == piece.size()) characters_.set(codePoint, id);
  });
  forEachPiece([&](int32_t, const std::string& piece) {
    for (size_t at = 0; at < piece.size();) {
      uint32_t length = 0;
      const char32_t codePoint = decodeValidUtf8(piece.data() + at, length);
      if (characters_.at(codePoint) < 0) {
        characters_.set(codePoint, vocabSize_ + static_cast<int32_t>(symbolTexts_.size()));
        symbolTexts_.push_back(piece.substr(at, length));
      }
      at += length;
    }
  });
}

int32_t SpmTokenizer::symbolOf(std::string_view text) const {
  uint32_t length = 0;
  const char32_t codePoint = decodeValidUtf8(text.data(), length);
  if (length == text.size()) return characters_.at(codePoint);
  const auto found = pieces_.find(text);
  if (found == pieces_.end() || typeOf(found->second) != Type::kNormal) return -1;
  return found->second;
}

// Any two neighbours whose concatenation is a piece merge, so every split of a piece is a merge.
void SpmTokenizer::addMerges(int32_t id, uint32_t priority,
                             std::vector<MergeTable::Entry>& entries) {
  const std::string_view piece = model_.pieces[static_cast<size_t>(id)].piece;
  for (size_t cut = utf8Length(piece[0]); cut < piece.size(); cut += utf8Length(piece[cut])) {
    const std::string_view leftText = piece.substr(0, cut);
    const std::string_view rightText = piece.substr(cut);
    const int32_t left = symbolOf(leftText);
    const int32_t right = symbolOf(rightText);
    if (left < 0 || right < 0) continue;
    entries.push_back({left, right, id, priority});
    const int32_t before = symbolOf(lastCharacter(leftText));
    const int32_t after = symbolOf(rightText.substr(0, utf8Length(rightText[0])));
    junctions_.add(static_cast<uint32_t>(before), static_cast<uint32_t>(after));
  }
}

Result<void> SpmTokenizer::indexMerges() {
  std::vector<int32_t> order;
  for (int32_t id = 0; id < vocabSize_; ++id) {
    const SentencePiece& piece = model_.pieces[static_cast<size_t>(id)];
    if (piece.type != Type::kNormal) continue;
    if (piece.piece.size() > limits::kSentencePieceBytes)
      return badInput(pieceName(static_cast<size_t>(id)), "it is too long");
    order.push_back(id);
  }
  const auto scoreOf = [&](int32_t id) { return model_.pieces[static_cast<size_t>(id)].score; };
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return scoreOf(a) > scoreOf(b); });
  std::vector<MergeTable::Entry> entries;
  uint32_t priority = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && scoreOf(order[i]) < scoreOf(order[i - 1])) ++priority;
    addMerges(order[i], priority, entries);
    if (entries.size() > limits::kMerges) return badInput("pieces", "there are too many merges");
  }
  Z2_TRY(merges_, MergeTable::create(entries));
  return {};
}

}  // namespace z2
