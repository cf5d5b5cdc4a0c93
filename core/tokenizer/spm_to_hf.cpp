// A sentencepiece BPE model in the form of Llama 2's tokenizer.json.

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/io/limits.h"
#include "core/text/utf8.h"
#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/spm_normalizer.h"

namespace z2 {

namespace {

using Type = SentencePiece::Type;

Result<void> checkExpressible(const SentencePieceModel& model) {
  const auto refuse = [](std::string what) {
    return badInput("model", std::move(what) + " cannot be said in a tokenizer.json",
                    "Export it as a .model instead");
  };
  if (model.kind != SentencePieceModel::Kind::kBpe) return refuse("a type other than BPE");
  if (!model.precompiledCharsmap.empty()) return refuse("the normalizer " + model.normalizerName);
  if (model.treatsWhitespaceAsSuffix) return refuse("white space as suffix");
  if (!model.escapesWhitespaces) return refuse("unescaped white space");
  for (const SentencePiece& piece : model.pieces) {
    if (piece.type == Type::kUserDefined) return refuse("a user-defined symbol");
    if (piece.type == Type::kUnused) return refuse("an unused piece");
    if (piece.piece.empty() || !isValidUtf8(piece.piece))
      return badInput("model", "a piece is empty or not valid UTF-8");
    if (piece.type == Type::kNormal && piece.piece.size() > limits::kSentencePieceBytes)
      return badInput("model", "a piece is too long");
  }
  return {};
}

// Every split of a piece into two pieces, the best pieces first; within a piece by the two ids.
std::vector<BpeMerge> mergesOf(const SentencePieceModel& model) {
  std::unordered_map<std::string_view, int32_t> ids;
  std::vector<int32_t> order;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    if (model.pieces[id].type != Type::kNormal) continue;
    ids.emplace(model.pieces[id].piece, static_cast<int32_t>(id));
    order.push_back(static_cast<int32_t>(id));
  }
  const auto pieceOf = [&](int32_t id) -> const SentencePiece& {
    return model.pieces[static_cast<size_t>(id)];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return pieceOf(a).score > pieceOf(b).score; });
  std::vector<BpeMerge> merges;
  for (const int32_t id : order) {
    const std::string_view piece = pieceOf(id).piece;
    const auto first = static_cast<ptrdiff_t>(merges.size());
    for (size_t cut = utf8Length(piece[0]); cut < piece.size(); cut += utf8Length(piece[cut])) {
      const auto left = ids.find(piece.substr(0, cut));
      const auto right = ids.find(piece.substr(cut));
      if (left != ids.end() && right != ids.end())
        merges.push_back({left->second, right->second, id});
    }
    std::sort(merges.begin() + first, merges.end(), [](const BpeMerge& a, const BpeMerge& b) {
      return std::tie(a.left, a.right) < std::tie(b.left, b.right);
    });
  }
  return merges;
}

std::vector<NormalizerStep> normalizerOf(const SentencePieceModel& model) {
  using Kind = NormalizerStep::Kind;
  std::vector<NormalizerStep> steps;
  if (model.removesExtraWhitespaces) {
    steps.push_back({.kind = Kind::kReplaceRegex, .pattern = "\\A +| +\\z", .content = ""});
    steps.push_back({.kind = Kind::kReplaceRegex, .pattern = " {2,}", .content = " "});
  }
  if (model.addsDummyPrefix)
    steps.push_back({.kind = Kind::kPrepend, .content = std::string(kSpaceMark)});
  steps.push_back(
      {.kind = Kind::kReplaceString, .pattern = " ", .content = std::string(kSpaceMark)});
  return steps;
}

std::vector<DecoderStep> decoderOf(const SentencePieceModel& model) {
  using Kind = DecoderStep::Kind;
  std::vector<DecoderStep> steps;
  steps.push_back(
      {.kind = Kind::kReplaceString, .pattern = std::string(kSpaceMark), .content = " "});
  steps.push_back({.kind = Kind::kByteFallback});
  steps.push_back({.kind = Kind::kFuse});
  if (model.addsDummyPrefix) steps.push_back({.kind = Kind::kStrip, .content = " ", .start = 1});
  return steps;
}

}  // namespace

Result<TokenizerDefinition> toHfDefinition(const SentencePieceModel& model) {
  Z2_TRY_VOID(checkExpressible(model));
  TokenizerDefinition definition;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const SentencePiece& piece = model.pieces[id];
    definition.model.tokens.emplace_back(piece.piece);
    if (piece.type != Type::kControl && piece.type != Type::kUnknown) continue;
    AddedToken token;
    token.id = static_cast<int32_t>(id);
    token.content = piece.piece;
    token.isNormalized = false;
    token.isSpecial = true;
    definition.addedTokens.push_back(std::move(token));
    if (piece.type == Type::kUnknown) definition.unkToken = piece.piece;
    if (piece.type == Type::kUnknown) continue;
    if (piece.piece == model.bosPiece) definition.bosToken = piece.piece;
    if (piece.piece == model.eosPiece) definition.eosToken = piece.piece;
    if (piece.piece == model.padPiece) definition.padToken = piece.piece;
  }
  if (!definition.unkToken.empty()) definition.model.unknownToken = definition.unkToken;
  definition.model.fusesUnknown = true;
  definition.model.hasByteFallback = model.hasByteFallback;
  definition.model.merges = mergesOf(model);
  definition.normalizer = normalizerOf(model);
  definition.decoder = decoderOf(model);
  return definition;
}

}  // namespace z2
