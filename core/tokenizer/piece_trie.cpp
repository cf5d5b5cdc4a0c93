#include "core/tokenizer/piece_trie.h"

#include <algorithm>
#include <deque>

namespace z2 {

namespace {

constexpr size_t kBytes = 256;
// Crowded places are given up after so many vain tries: a few holes for a build in linear time.
constexpr int kTriesInACrowd = 64;

struct Range {
  size_t begin = 0;  // among the sorted pieces, all with one prefix
  size_t end = 0;
  size_t depth = 0;  // bytes of the prefix
  PieceTrie::Node node = PieceTrie::kRoot;
};

}  // namespace

// The base under which all of the bytes are free.
PieceTrie::Node PieceTrie::placeFor(const std::vector<uint8_t>& bytes) {
  int tries = 0;
  for (Node first = std::max(firstFree_, Node{bytes.front()} + 1);; ++first) {
    const Node base = first - bytes.front();
    const size_t needed = static_cast<size_t>(base) + 2 * kBytes;
    if (units_.size() < needed) units_.resize(std::max(needed, units_.size() * 3 / 2));
    const auto isFree = [&](uint8_t byte) {
      return units_[static_cast<size_t>(base + byte)].parent == kNone;
    };
    if (std::all_of(bytes.begin(), bytes.end(), isFree)) return base;
    if (++tries == kTriesInACrowd) firstFree_ = std::max(firstFree_, first);
  }
}

PieceTrie::PieceTrie(std::vector<std::pair<std::string_view, int32_t>> pieces) {
  std::sort(pieces.begin(), pieces.end());
  units_.resize(2 * kBytes);
  units_[kRoot].parent = kAboveRoot;
  std::deque<Range> open = {{0, pieces.size(), 0, kRoot}};
  std::vector<uint8_t> bytes;
  std::vector<size_t> starts;
  while (!open.empty()) {
    Range range = open.front();
    open.pop_front();
    if (range.begin < range.end && pieces[range.begin].first.size() == range.depth)
      units_[static_cast<size_t>(range.node)].id = pieces[range.begin++].second;
    bytes.clear();
    starts.clear();
    for (size_t i = range.begin; i < range.end; ++i) {
      const auto byte = static_cast<uint8_t>(pieces[i].first[range.depth]);
      if (!bytes.empty() && bytes.back() == byte) continue;
      bytes.push_back(byte);
      starts.push_back(i);
    }
    if (bytes.empty()) continue;
    starts.push_back(range.end);
    const Node base = placeFor(bytes);
    units_[static_cast<size_t>(range.node)].base = base;
    for (size_t i = 0; i < bytes.size(); ++i) {
      const Node child = base + bytes[i];
      units_[static_cast<size_t>(child)].parent = range.node;
      open.push_back({starts[i], starts[i + 1], range.depth + 1, child});
    }
    while (units_[static_cast<size_t>(firstFree_)].parent != kNone) ++firstFree_;
  }
}

}  // namespace z2
