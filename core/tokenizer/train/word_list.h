#pragma once

// Distinct words and how often each was seen: what counting hands to merging.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace z2 {

struct WordList {
  std::string bytes;             // of all words, one after another
  std::vector<uint64_t> starts;  // of word i in `bytes`; its end is the next start or the end
  std::vector<uint64_t> counts;  // by word

  void add(std::string_view word, uint64_t count) {
    starts.push_back(bytes.size());
    bytes.append(word);
    counts.push_back(count);
  }
  void reserve(size_t words, uint64_t byteCount) {
    bytes.reserve(byteCount);
    starts.reserve(words);
    counts.reserve(words);
  }
  [[nodiscard]] size_t size() const { return counts.size(); }
  [[nodiscard]] std::string_view word(size_t index) const {
    const uint64_t end = index + 1 < starts.size() ? starts[index + 1] : bytes.size();
    return std::string_view(bytes).substr(starts[index], end - starts[index]);
  }
};

}  // namespace z2
