#include "core/tokenizer/split_behavior.h"

#include <string_view>
#include <vector>

namespace z2 {

namespace {

struct Segment {
  size_t begin = 0;
  size_t end = 0;
  bool isMatch = false;
};

// The matches and the gaps between them, covering the text.
std::vector<Segment> segmentsOf(std::string_view text, const std::vector<MatchRange>& matches,
                                bool isInverted) {
  std::vector<Segment> segments;
  size_t previous = 0;
  for (const MatchRange& match : matches) {
    if (previous != match.begin) segments.push_back({previous, match.begin, isInverted});
    segments.push_back({match.begin, match.end, !isInverted});
    previous = match.end;
  }
  if (previous != text.size()) segments.push_back({previous, text.size(), isInverted});
  return segments;
}

// Joins each segment for which `joins` holds to the one before it.
template <typename Joins>
void joinToPrevious(std::vector<Segment>& segments, Joins joins) {
  std::vector<Segment> joined;
  bool isPreviousMatch = false;
  for (const Segment& segment : segments) {
    if (!joined.empty() && joins(segment.isMatch, isPreviousMatch))
      joined.back().end = segment.end;
    else
      joined.push_back(segment);
    isPreviousMatch = segment.isMatch;
  }
  segments = std::move(joined);
}

void joinToNext(std::vector<Segment>& segments) {
  std::vector<Segment> joined;
  bool isNextMatch = false;
  for (size_t i = segments.size(); i-- > 0;) {
    const Segment& segment = segments[i];
    if (segment.isMatch && !isNextMatch && !joined.empty())
      joined.back().begin = segment.begin;
    else
      joined.push_back(segment);
    isNextMatch = segment.isMatch;
  }
  segments.assign(joined.rbegin(), joined.rend());
}

}  // namespace

void applySplit(std::string_view text, const std::vector<MatchRange>& matches,
                SplitBehavior behavior, bool isInverted, std::vector<std::string_view>& pieces) {
  std::vector<Segment> segments = segmentsOf(text, matches, isInverted);
  switch (behavior) {
    case SplitBehavior::kRemoved:
      std::erase_if(segments, [](const Segment& segment) { return segment.isMatch; });
      break;
    case SplitBehavior::kIsolated:
      break;
    case SplitBehavior::kMergedWithPrevious:
      joinToPrevious(
          segments, [](bool isMatch, bool isPreviousMatch) { return isMatch && !isPreviousMatch; });
      break;
    case SplitBehavior::kMergedWithNext:
      joinToNext(segments);
      break;
    case SplitBehavior::kContiguous:
      joinToPrevious(segments,
                     [](bool isMatch, bool isPreviousMatch) { return isMatch == isPreviousMatch; });
      break;
  }
  for (const Segment& segment : segments)
    if (segment.end > segment.begin)
      pieces.push_back(text.substr(segment.begin, segment.end - segment.begin));
}

}  // namespace z2
