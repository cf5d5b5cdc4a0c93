#include "core/instruct/rouge_index.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/instruct/bit_lcs.h"

namespace z2 {

namespace {

constexpr uint32_t kUnknown = ~uint32_t{0};

// The least L with 2L / (n + m) > threshold.
size_t neededWords(size_t n, size_t m, double threshold) {
  const double both = static_cast<double>(n + m);
  auto least = static_cast<size_t>(std::floor(threshold * both / 2));
  while (2.0 * static_cast<double>(least) / both <= threshold) ++least;
  while (least > 0 && 2.0 * static_cast<double>(least - 1) / both > threshold) --least;
  return least;
}

}  // namespace

std::vector<uint32_t> RougeIndex::idsOf(const std::vector<std::string>& words, bool grows) {
  std::vector<uint32_t> ids;
  ids.reserve(words.size());
  for (const std::string& word : words) {
    if (const auto found = vocabulary_.find(word); found != vocabulary_.end())
      ids.push_back(found->second);
    else if (grows)
      ids.push_back(
          vocabulary_.emplace(word, static_cast<uint32_t>(vocabulary_.size())).first->second);
    else
      ids.push_back(kUnknown);
  }
  return ids;
}

std::vector<RougeIndex::Term> RougeIndex::termsOf(const std::vector<uint32_t>& ids) {
  std::vector<uint32_t> sorted = ids;
  std::ranges::sort(sorted);
  std::vector<Term> terms;
  terms.reserve(sorted.size());
  for (const uint32_t id : sorted) {
    const bool isSame = !terms.empty() && terms.back().word == id;
    terms.push_back({id, isSame ? terms.back().occurrence + 1 : 0});
  }
  return terms;
}

size_t RougeIndex::add(const std::vector<std::string>& words) {
  const std::vector<uint32_t> ids = idsOf(words, true);
  const auto number = static_cast<uint32_t>(texts_.size());
  texts_.push_back({words_.size(), static_cast<uint32_t>(ids.size()), 0});
  words_.insert(words_.end(), ids.begin(), ids.end());
  for (const Term& term : termsOf(ids)) postings_[term].push_back(number);
  queryWords_.resize(vocabulary_.size());
  return number;
}

void RougeIndex::collect(const std::vector<const std::vector<uint32_t>*>& lists) {
  found_.clear();
  for (const std::vector<uint32_t>* const list : lists)
    for (const uint32_t number : *list)
      if (texts_[number].shared++ == 0) found_.push_back(number);
}

std::optional<RougeIndex::Match> RougeIndex::mostSimilar(const std::vector<std::string>& words,
                                                         double threshold) {
  const size_t n = words.size();
  if (n == 0 || threshold >= 1) return std::nullopt;
  const std::vector<uint32_t> ids = idsOf(words, false);

  // Even the shortest text that can be like this one needs so many words in common.
  size_t least = 1;
  while (least < n && neededWords(n, least, threshold) > least) ++least;
  const size_t needed = std::max<size_t>(neededWords(n, least, threshold), 1);

  // A text that misses all of the n - needed + 1 rarest terms has fewer than `needed` in common.
  const std::vector<uint32_t> none;
  std::vector<const std::vector<uint32_t>*> lists;
  for (const Term& term : termsOf(ids)) {
    const auto found = term.word == kUnknown ? postings_.end() : postings_.find(term);
    lists.push_back(found == postings_.end() ? &none : &found->second);
  }
  std::ranges::sort(lists, {}, [](const auto* list) { return list->size(); });
  const size_t skipped = std::min(needed, n) - 1;
  lists.resize(n - skipped);
  collect(lists);

  std::vector<uint32_t> places;
  places.reserve(n);
  uint32_t distinct = 0;
  for (const uint32_t id : ids) {
    if (id == kUnknown) {
      places.push_back(++distinct);
      continue;
    }
    if (queryWords_[id] == 0) queryWords_[id] = ++distinct;
    places.push_back(queryWords_[id]);
  }
  BitLcs lcs(places, distinct);

  std::optional<Match> best;
  std::vector<uint32_t> other;
  for (const uint32_t number : found_) {
    Text& text = texts_[number];
    const size_t shared = std::exchange(text.shared, 0);
    const size_t m = text.size;
    const double bar = best ? best->similarity : threshold;
    if (std::min({n, m, shared + skipped}) < neededWords(n, m, bar)) continue;
    other.clear();
    for (size_t i = 0; i < m; ++i) other.push_back(queryWords_[words_[text.begin + i]]);
    const double similarity =
        2.0 * static_cast<double>(lcs.length(other)) / static_cast<double>(n + m);
    if (similarity > bar) best = Match{number, similarity};
  }
  for (const uint32_t id : ids)
    if (id != kUnknown) queryWords_[id] = 0;
  return best;
}

}  // namespace z2
