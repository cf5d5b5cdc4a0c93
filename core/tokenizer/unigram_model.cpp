#include "core/tokenizer/unigram_model.h"

#include <algorithm>
#include <cfloat>
#include <utility>

#include "core/text/utf8.h"

namespace z2 {

namespace {

// sentencepiece's: how much worse than the worst piece an unknown character is.
constexpr float kUnknownPenalty = 10;

}  // namespace

UnigramModel::UnigramModel(const SentencePieceModel& model) {
  using Type = SentencePiece::Type;
  float smallest = FLT_MAX;
  // As there: the smallest positive number, which is the largest of scores that are all negative.
  largestScore_ = FLT_MIN;
  std::vector<std::pair<std::string_view, int32_t>> listed;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const SentencePiece& piece = model.pieces[id];
    scores_.push_back(piece.score);
    isUserDefined_.push_back(piece.type == Type::kUserDefined);
    if (piece.type == Type::kNormal) {
      smallest = std::min(smallest, piece.score);
      largestScore_ = std::max(largestScore_, piece.score);
    }
    if (piece.type == Type::kNormal || piece.type == Type::kUserDefined)
      listed.emplace_back(piece.piece, static_cast<int32_t>(id));
  }
  unknownScore_ = smallest - kUnknownPenalty;
  trie_ = PieceTrie(std::move(listed));
}

void UnigramModel::encode(std::string_view text, int32_t unknown, std::vector<UnigramPath>& paths,
                          std::vector<UnigramPiece>& pieces) const {
  paths.assign(text.size() + 1, {});
  const auto offer = [&](size_t begin, size_t end, float score, int32_t id) {
    UnigramPath& path = paths[end];
    const float sum = paths[begin].score + score;
    if (path.begin >= 0 && sum <= path.score) return;
    path = {sum, static_cast<int32_t>(begin), id};
  };
  for (size_t begin = 0; begin < text.size();) {
    const size_t character = utf8Length(text[begin]);
    bool isCovered = false;
    PieceTrie::Node node = PieceTrie::kRoot;
    for (size_t end = begin; end < text.size();) {
      node = trie_.child(node, text[end++]);
      if (node == PieceTrie::kNone) break;
      const int32_t id = trie_.idAt(node);
      if (id < 0) continue;
      // User-defined pieces win over everything that would cut them.
      const float score = isUserDefined_[static_cast<size_t>(id)]
                              ? static_cast<float>(end - begin) * largestScore_ - 0.1F
                              : scores_[static_cast<size_t>(id)];
      offer(begin, end, score, id);
      isCovered = isCovered || end - begin == character;
    }
    if (!isCovered) offer(begin, begin + character, unknownScore_, unknown);
    begin += character;
  }
  pieces.clear();
  for (size_t end = text.size(); end > 0;) {
    const UnigramPath& path = paths[end];
    pieces.push_back({static_cast<size_t>(path.begin), end, path.id});
    end = static_cast<size_t>(path.begin);
  }
  std::reverse(pieces.begin(), pieces.end());
}

}  // namespace z2
