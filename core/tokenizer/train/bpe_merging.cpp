#include "core/tokenizer/train/bpe_merging.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "core/base/progress.h"
#include "core/tokenizer/pretokenizer.h"
#include "core/tokenizer/train/candidate_queue.h"
#include "core/tokenizer/train/pair_counts.h"
#include "core/tokenizer/train/posting_store.h"

namespace z2 {

namespace {

constexpr uint32_t kNoWord = std::numeric_limits<uint32_t>::max();
constexpr size_t kByteCount = 256;

// What one merge changes for one neighbour on one side of the merged pair.
struct Neighbour {
  int64_t removed = 0;  // of the pair with the old token
  int64_t added = 0;    // of the pair with the new token
  uint32_t lastWord = kNoWord;
  uint32_t wordCount = 0;
  uint32_t group = 0;  // of its words among the arrivals of this merge
  bool isTouched = false;
};

enum Side : size_t { kLeft = 0, kRight = 1 };

class Merging {
 public:
  explicit Merging(const BpeMergingOptions& options)
      : options_(options),
        maxLength_(options.maxTokenLength == 0 ? std::numeric_limits<size_t>::max()
                                               : options.maxTokenLength) {}

  void makeFirstTokens();
  void queueFirstPairs(const WordList& words);
  void loadWords(WordList words);
  Result<void> run();
  BpeModel takeModel();

 private:
  uint32_t addToken(std::string spelling, size_t length);
  void merge(uint32_t left, uint32_t right, uint32_t result, std::span<const uint32_t> words);
  void mergeInWord(uint32_t word, uint32_t left, uint32_t right, uint32_t result);
  void remove(Side side, uint32_t neighbour, int64_t count);
  void arrive(Side side, uint32_t neighbour, int64_t count, uint32_t word);
  Neighbour& touch(Side side, uint32_t neighbour);
  void applyChanges(uint32_t left, uint32_t right, uint32_t result);
  void queueArrivals();

  const BpeMergingOptions& options_;
  const size_t maxLength_;

  std::vector<std::string> tokens_;
  std::vector<size_t> tokenLengths_;  // in bytes of text
  std::unordered_map<std::string, uint32_t> ids_;
  std::array<uint32_t, kByteCount> byteIds_{};

  std::vector<uint32_t> symbols_;  // of all words, each at its start
  std::vector<uint64_t> starts_;
  std::vector<uint32_t> lengths_;  // symbols that are left of a word
  std::vector<uint64_t> counts_;   // of a word

  PairCounts pairCounts_;
  CandidateQueue queue_;
  PostingStore postings_;
  std::vector<BpeMerge> merges_;

  struct Arrival {
    uint32_t group;
    uint32_t word;
  };
  std::array<std::vector<Neighbour>, 2> neighbours_;  // by side and token
  std::vector<std::pair<Side, uint32_t>> touched_;
  std::vector<Arrival> arrivals_;
  std::vector<PackedPair> groupPairs_;
  std::vector<uint32_t> groupSizes_;
};

uint32_t Merging::addToken(std::string spelling, size_t length) {
  const auto [place, isNew] = ids_.emplace(spelling, static_cast<uint32_t>(tokens_.size()));
  if (isNew) {
    tokens_.push_back(std::move(spelling));
    tokenLengths_.push_back(length);
  }
  return place->second;
}

void Merging::makeFirstTokens() {
  for (const std::string& token : options_.specialTokens) addToken(token, token.size());
  std::array<uint8_t, kByteCount> order{};
  for (size_t byte = 0; byte < kByteCount; ++byte) order[byte] = static_cast<uint8_t>(byte);
  std::sort(order.begin(), order.end(), [](uint8_t a, uint8_t b) {
    return ByteAlphabet::codePoint(a) < ByteAlphabet::codePoint(b);
  });
  for (const uint8_t byte : order)
    byteIds_[byte] = addToken(std::string(ByteAlphabet::character(byte)), 1);
}

// Two passes: the first counts, so that the second writes each pair's words into one exact list.
void Merging::queueFirstPairs(const WordList& words) {
  struct First {
    int64_t count = 0;
    uint32_t words = 0;
    uint32_t lastWord = kNoWord;
    uint32_t* next = nullptr;
  };
  std::vector<First> firsts(kByteCount * kByteCount);
  const auto forEachPair = [&](auto&& visit) {
    for (size_t index = 0; index < words.size(); ++index) {
      const std::string_view word = words.word(index);
      for (size_t i = 0; i + 1 < word.size(); ++i)
        visit(
            firsts[static_cast<uint8_t>(word[i]) * kByteCount + static_cast<uint8_t>(word[i + 1])],
            static_cast<uint32_t>(index));
    }
  };
  forEachPair([&](First& first, uint32_t word) {
    first.count += static_cast<int64_t>(words.counts[word]);
    if (first.lastWord != word) ++first.words;
    first.lastWord = word;
  });
  for (size_t index = 0; index < firsts.size(); ++index) {
    First& first = firsts[index];
    if (first.count == 0) continue;
    const PackedPair pair = packPair(byteIds_[index / kByteCount], byteIds_[index % kByteCount]);
    pairCounts_.at(pair) = first.count;
    Candidate candidate{static_cast<uint64_t>(first.count), pair, postings_.allocate(first.words)};
    if (first.words == 1)
      candidate.words.place = first.lastWord;
    else
      first.next = postings_.words(candidate.words);
    first.lastWord = kNoWord;
    queue_.push(candidate);
  }
  forEachPair([](First& first, uint32_t word) {
    if (first.words == 1 || first.lastWord == word) return;
    first.lastWord = word;
    *first.next++ = word;
  });
}

void Merging::loadWords(WordList words) {
  starts_ = std::move(words.starts);
  counts_ = std::move(words.counts);
  lengths_.resize(starts_.size());
  for (size_t i = 0; i < starts_.size(); ++i) {
    const uint64_t end = i + 1 < starts_.size() ? starts_[i + 1] : words.bytes.size();
    lengths_[i] = static_cast<uint32_t>(end - starts_[i]);
  }
  symbols_.resize(words.bytes.size());
  for (size_t i = 0; i < words.bytes.size(); ++i)
    symbols_[i] = byteIds_[static_cast<uint8_t>(words.bytes[i])];
}

Result<void> Merging::run() {
  const size_t wanted = options_.vocabSize;
  std::optional<Progress> progress;
  if (options_.showsProgress)
    progress.emplace("merging", wanted > tokens_.size() ? wanted - tokens_.size() : 0,
                     Progress::Unit::kSteps, options_.progressAsJson);
  while (tokens_.size() < wanted) {
    if (stopRequested()) return interrupted("training was stopped while merging");
    std::optional<Candidate> best = queue_.popBest(pairCounts_);
    if (!best || best->count < options_.minFrequency) break;
    const auto left = static_cast<uint32_t>(best->pair >> 32);
    const auto right = static_cast<uint32_t>(best->pair);
    const size_t before = tokens_.size();
    const uint32_t result =
        addToken(tokens_[left] + tokens_[right], tokenLengths_[left] + tokenLengths_[right]);
    merges_.push_back(
        {static_cast<int32_t>(left), static_cast<int32_t>(right), static_cast<int32_t>(result)});
    merge(left, right, result, {postings_.words(best->words), best->words.length});
    postings_.release(best->words);
    if (progress) progress->advance(tokens_.size() - before);
  }
  return {};
}

void Merging::merge(uint32_t left, uint32_t right, uint32_t result,
                    std::span<const uint32_t> words) {
  for (auto& side : neighbours_)
    if (side.size() < tokens_.size()) side.resize(std::max(tokens_.size(), side.size() * 2));
  for (const uint32_t word : words) mergeInWord(word, left, right, result);
  applyChanges(left, right, result);
  queueArrivals();
}

void Merging::mergeInWord(uint32_t word, uint32_t left, uint32_t right, uint32_t result) {
  uint32_t* symbol = symbols_.data() + starts_[word];
  const uint32_t length = lengths_[word];
  const auto count = static_cast<int64_t>(counts_[word]);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < length;) {
    if (symbol[i] != left || i + 1 == length || symbol[i + 1] != right) {
      symbol[kept++] = symbol[i++];
      continue;
    }
    if (kept > 0) {
      const uint32_t previous = symbol[kept - 1];
      remove(kLeft, previous, count);
      if (tokenLengths_[previous] + tokenLengths_[result] < maxLength_)
        arrive(kLeft, previous, count, word);
    }
    if (i + 2 < length) {
      const uint32_t next = symbol[i + 2];
      remove(kRight, next, count);
      // The pair (result, result) is one pair, whichever side it was met from.
      if (tokenLengths_[next] + tokenLengths_[result] < maxLength_)
        arrive(next == result ? kLeft : kRight, next, count, word);
    }
    symbol[kept++] = result;
    i += 2;
  }
  lengths_[word] = kept;
}

Neighbour& Merging::touch(Side side, uint32_t neighbour) {
  Neighbour& state = neighbours_[side][neighbour];
  if (!state.isTouched) {
    state.isTouched = true;
    touched_.emplace_back(side, neighbour);
  }
  return state;
}

void Merging::remove(Side side, uint32_t neighbour, int64_t count) {
  touch(side, neighbour).removed += count;
}

void Merging::arrive(Side side, uint32_t neighbour, int64_t count, uint32_t word) {
  Neighbour& state = touch(side, neighbour);
  state.added += count;
  if (state.lastWord == word) return;
  state.lastWord = word;
  if (state.wordCount++ == 0) {
    state.group = static_cast<uint32_t>(groupSizes_.size());
    groupSizes_.push_back(0);
  }
  ++groupSizes_[state.group];
  arrivals_.push_back({state.group, word});
}

void Merging::applyChanges(uint32_t left, uint32_t right, uint32_t result) {
  groupPairs_.resize(groupSizes_.size());
  for (const auto& [side, neighbour] : touched_) {
    Neighbour& state = neighbours_[side][neighbour];
    const bool isLeft = side == kLeft;
    if (state.removed != 0)
      pairCounts_.at(isLeft ? packPair(neighbour, left) : packPair(right, neighbour)) -=
          state.removed;
    if (state.added != 0) {
      const PackedPair pair = isLeft ? packPair(neighbour, result) : packPair(result, neighbour);
      pairCounts_.at(pair) += state.added;
      groupPairs_[state.group] = pair;
    }
    state = Neighbour{};
  }
  touched_.clear();
}

// Sorts the arrivals by pair, keeping the words of a pair in order, and queues each new pair.
void Merging::queueArrivals() {
  std::vector<Candidate> fresh(groupSizes_.size());
  std::vector<uint32_t*> next(groupSizes_.size());
  for (size_t group = 0; group < fresh.size(); ++group) {
    fresh[group].words = postings_.allocate(groupSizes_[group]);
    next[group] = postings_.words(fresh[group].words);
  }
  for (const Arrival& arrival : arrivals_) *next[arrival.group]++ = arrival.word;
  for (size_t group = 0; group < fresh.size(); ++group) {
    const int64_t count = pairCounts_.at(groupPairs_[group]);
    if (count <= 0) {
      postings_.release(fresh[group].words);
      continue;
    }
    fresh[group].pair = groupPairs_[group];
    fresh[group].count = static_cast<uint64_t>(count);
    queue_.push(fresh[group]);
  }
  arrivals_.clear();
  groupSizes_.clear();
}

BpeModel Merging::takeModel() {
  BpeModel model;
  model.tokens.assign(std::make_move_iterator(tokens_.begin()),
                      std::make_move_iterator(tokens_.end()));
  // Of equal merges the last one counts.
  std::unordered_map<PackedPair, size_t> lastOf;
  const auto key = [](const BpeMerge& merge) {
    return packPair(static_cast<uint32_t>(merge.left), static_cast<uint32_t>(merge.right));
  };
  for (size_t i = 0; i < merges_.size(); ++i) lastOf[key(merges_[i])] = i;
  for (size_t i = 0; i < merges_.size(); ++i)
    if (lastOf[key(merges_[i])] == i) model.merges.push_back(merges_[i]);
  return model;
}

}  // namespace

Result<BpeModel> mergeWords(WordList words, const BpeMergingOptions& options) {
  Merging merging(options);
  merging.makeFirstTokens();
  merging.queueFirstPairs(words);
  merging.loadWords(std::move(words));
  Z2_TRY_VOID(merging.run());
  return merging.takeModel();
}

uint64_t mergingMemory(uint64_t words, uint64_t bytes) {
  constexpr uint64_t kPerWord = 8 + 4 + 8;
  constexpr uint64_t kPerByte = 1 + 4 + 4 + 3;
  constexpr uint64_t kFixed = uint64_t{32} << 20;
  return kFixed + words * kPerWord + bytes * kPerByte;
}

}  // namespace z2
