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
  // `score` is a double for user-defined pieces alone there, but the sum is one of doubles always.
  const auto offer = [&](size_t begin, size_t end, double score, int32_t id) {
    UnigramPath& path = paths[end];
    if (path.begin >= 0 && score <= static_cast<double>(path.score)) return;
    path = {static_cast<float>(score), static_cast<int32_t>(begin), id};
  };
  for (size_t begin = 0; begin < text.size();) {
    const float before = paths[begin].score;
    const size_t character = utf8Length(text[begin]);
    bool isCovered = false;
    PieceTrie::Node node = PieceTrie::kRoot;
    for (size_t end = begin; end < text.size();) {
      node = trie_.child(node, text[end++]);
      if (node == PieceTrie::kNone) break;
      const int32_t id = trie_.idAt(node);
      if (id < 0) continue;
      // Long user-defined pieces win over everything that would cut them.
      const auto length = static_cast<float>(end - begin);
      const double score = isUserDefined_[static_cast<size_t>(id)]
                               ? static_cast<double>(length * largestScore_) - 0.1
                               : static_cast<double>(scores_[static_cast<size_t>(id)]);
      offer(begin, end, score + static_cast<double>(before), id);
      isCovered = isCovered || end - begin == character;
    }
    if (!isCovered) {
      const float sum = unknownScore_ + before;
      offer(begin, begin + character, static_cast<double>(sum), unknown);
    }
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
