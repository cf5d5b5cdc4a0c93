#pragma once

// sentencepiece's unigram language model (Kudo, "Subword regularization", 2018): of all ways to cut
// a text into pieces, the one whose scores have the largest sum.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/tokenizer/piece_trie.h"
#include "core/tokenizer/sentencepiece_model.h"

namespace z2 {

// The best way to cut the text up to one place. Working memory of one thread.
struct UnigramPath {
  float score = 0;     // of the whole way
  int32_t begin = -1;  // of its last piece; -1: no way ends here
  int32_t id = -1;
};

struct UnigramPiece {
  size_t begin = 0;
  size_t end = 0;
  int32_t id = 0;
};

// Immutable and thread-safe.
class UnigramModel {
 public:
  UnigramModel() = default;
  // Takes normal and user-defined pieces; the model need not live on.
  explicit UnigramModel(const SentencePieceModel& model);

  // Replaces `pieces` by those of `text`, valid UTF-8 of less than 2 GiB. A character that no piece
  // covers gets `unknown`. The sums are those of sentencepiece to the bit, in the order in which it
  // takes them, so that near ties fall as they do there.
  void encode(std::string_view text, int32_t unknown, std::vector<UnigramPath>& paths,
              std::vector<UnigramPiece>& pieces) const;

 private:
  PieceTrie trie_;
  std::vector<float> scores_;        // by id
  std::vector<bool> isUserDefined_;  // by id
  float unknownScore_ = 0;
  float largestScore_ = 0;
};

}  // namespace z2
