#pragma once

// Finds whether a text is too much like one of many: ROUGE-L (Lin, 2004), exactly, against all.
//
// ROUGE-L's F of texts with n and m words and a longest common subsequence of L is 2L / (n + m).
// F > t asks for L > t(n + m)/2, so for a length m near n and for that many words in common. All
// but the rarest words of a text may be missed and a text that is like it still shows in the lists
// of the rest (prefix filtering; Chaudhuri et al., "A primitive operator for similarity joins",
// 2006). What is left is compared by a bit-parallel LCS (Hyyrö, 2004): 64 words of the text a step.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace z2 {

// One thread at a time. Memory: 8 bytes a word of a text and the vocabulary once.
class RougeIndex {
 public:
  struct Match {
    size_t text = 0;  // its number, in the order of add()
    double similarity = 0;
  };

  // A text without words is never like anything.
  size_t add(const std::vector<std::string>& words);
  // A text that is most like `words` among those whose F is greater than `threshold` (0 to 1).
  [[nodiscard]] std::optional<Match> mostSimilar(const std::vector<std::string>& words,
                                                 double threshold);
  [[nodiscard]] size_t size() const { return texts_.size(); }

 private:
  // The n-th "the" of a text is another term than its first one, so that common words are counted
  // as often as both texts have them.
  struct Term {
    uint32_t word = 0;
    uint32_t occurrence = 0;
    bool operator==(const Term&) const = default;
  };
  struct TermHash {
    size_t operator()(const Term& term) const {
      return (size_t{term.word} << 32 | term.occurrence) * 0x9E3779B97F4A7C15U >> 8;
    }
  };
  struct Text {
    size_t begin = 0;  // in words_
    uint32_t size = 0;
    uint32_t shared = 0;  // terms of the query found so far
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view word) const { return std::hash<std::string_view>()(word); }
  };

  // Numbers of the words; those not seen yet are new ones, or kUnknown when it is not to grow.
  [[nodiscard]] std::vector<uint32_t> idsOf(const std::vector<std::string>& words, bool grows);
  [[nodiscard]] static std::vector<Term> termsOf(const std::vector<uint32_t>& ids);
  // Numbers of the texts that have one of the terms, each once, with Text::shared set.
  void collect(const std::vector<const std::vector<uint32_t>*>& lists);

  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> vocabulary_;
  std::unordered_map<Term, std::vector<uint32_t>, TermHash> postings_;
  std::vector<uint32_t> words_;  // of all texts
  std::vector<Text> texts_;
  std::vector<uint32_t> found_;       // of a query
  std::vector<uint32_t> queryWords_;  // of a query: word id to its place among the query's, from 1
};

}  // namespace z2
