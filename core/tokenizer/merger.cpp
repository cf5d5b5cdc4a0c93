#include "core/tokenizer/merger.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace z2 {

namespace {

// Below this the search for the lowest priority beats the heap.
constexpr size_t kShort = 48;

// `pairs[i]` is the merge of the symbols i and i + 1; the arrays shrink with every merge.
void mergeShort(const MergeTable& table, std::vector<MergeTable::Merge>& pairs,
                std::vector<int32_t>& symbols) {
  size_t count = symbols.size();
  pairs.resize(count);
  for (size_t i = 0; i + 1 < count; ++i) pairs[i] = table.find(symbols[i], symbols[i + 1]);
  while (count > 1) {
    size_t best = 0;
    uint32_t lowest = MergeTable::kNone;
    for (size_t i = 0; i + 1 < count; ++i) {
      if (pairs[i].priority < lowest) {
        lowest = pairs[i].priority;
        best = i;
      }
    }
    if (lowest == MergeTable::kNone) break;
    symbols[best] = pairs[best].result;
    std::move(symbols.begin() + static_cast<ptrdiff_t>(best) + 2,
              symbols.begin() + static_cast<ptrdiff_t>(count),
              symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
    std::move(pairs.begin() + static_cast<ptrdiff_t>(best) + 1,
              pairs.begin() + static_cast<ptrdiff_t>(count) - 1,
              pairs.begin() + static_cast<ptrdiff_t>(best));
    --count;
    if (best + 1 < count) pairs[best] = table.find(symbols[best], symbols[best + 1]);
    if (best > 0) pairs[best - 1] = table.find(symbols[best - 1], symbols[best]);
  }
  symbols.resize(count);
}

using Candidate = MergeWorkspace::Candidate;

struct IsLater {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.priority != b.priority ? a.priority > b.priority : a.position > b.position;
  }
};

// A linked list over the symbols. A candidate that the list has overtaken is recognised by its two
// symbols: the same two at the same place are still the same pair.
class LongMerge {
 public:
  LongMerge(const MergeTable& table, MergeWorkspace& workspace, std::vector<int32_t>& symbols)
      : table_(table), heap_(workspace.heap), links_(workspace.links), symbols_(symbols) {}

  void run() {
    const auto count = static_cast<int32_t>(symbols_.size());
    links_.resize(symbols_.size());
    heap_.clear();
    for (int32_t i = 0; i < count; ++i) links_[at(i)] = {i - 1, i + 1 < count ? i + 1 : -1};
    for (int32_t i = 0; i + 1 < count; ++i) add(i, i + 1, false);
    std::make_heap(heap_.begin(), heap_.end(), IsLater{});
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), IsLater{});
      const Candidate candidate = heap_.back();
      heap_.pop_back();
      apply(candidate);
    }
    size_t written = 0;
    for (int32_t i = 0; i != -1; i = links_[at(i)].next) symbols_[written++] = symbols_[at(i)];
    symbols_.resize(written);
  }

 private:
  static constexpr int32_t kGone = INT32_MIN;
  static size_t at(int32_t i) { return static_cast<size_t>(i); }

  void add(int32_t left, int32_t right, bool keepsHeap) {
    if (left < 0 || right < 0) return;
    const int32_t a = symbols_[at(left)];
    const int32_t b = symbols_[at(right)];
    const MergeTable::Merge merge = table_.find(a, b);
    if (merge.priority == MergeTable::kNone) return;
    heap_.push_back({merge.priority, static_cast<uint32_t>(left), a, b, merge.result});
    if (keepsHeap) std::push_heap(heap_.begin(), heap_.end(), IsLater{});
  }

  void apply(const Candidate& candidate) {
    const auto left = static_cast<int32_t>(candidate.position);
    const int32_t right = links_[at(left)].next;
    if (symbols_[at(left)] != candidate.left || right < 0 || symbols_[at(right)] != candidate.right)
      return;
    symbols_[at(left)] = candidate.result;
    symbols_[at(right)] = kGone;
    const int32_t after = links_[at(right)].next;
    links_[at(left)].next = after;
    if (after >= 0) links_[at(after)].previous = left;
    add(links_[at(left)].previous, left, true);
    add(left, after, true);
  }

  const MergeTable& table_;
  std::vector<Candidate>& heap_;
  std::vector<MergeWorkspace::Link>& links_;
  std::vector<int32_t>& symbols_;
};

}  // namespace

void mergeSymbols(const MergeTable& table, MergeWorkspace& workspace,
                  std::vector<int32_t>& symbols) {
  if (symbols.size() < 2) return;
  if (symbols.size() <= kShort)
    mergeShort(table, workspace.pairs, symbols);
  else
    LongMerge(table, workspace, symbols).run();
}

}  // namespace z2
