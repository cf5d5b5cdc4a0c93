#include "core/chat/jinja/marked_text.h"

#include <algorithm>

namespace z2::jinja {

void MarkedText::append(std::string_view bytes, Mark mark) {
  if (bytes.empty()) return;
  bytes_ += bytes;
  if (!runs_.empty() && runs_.back().mark == mark)
    runs_.back().end = bytes_.size();
  else
    runs_.push_back({bytes_.size(), mark});
}

void MarkedText::append(const MarkedText& other) {
  size_t begin = 0;
  for (const Run& run : other.runs_) {
    append(std::string_view(other.bytes_).substr(begin, run.end - begin), run.mark);
    begin = run.end;
  }
}

void MarkedText::appendGenerated(const MarkedText& other, uint32_t generation) {
  size_t begin = 0;
  for (const Run& run : other.runs_) {
    append(std::string_view(other.bytes_).substr(begin, run.end - begin),
           {run.mark.origin, generation});
    begin = run.end;
  }
}

MarkedText MarkedText::part(size_t begin, size_t count) const {
  MarkedText out;
  begin = std::min(begin, size());
  const size_t end = begin + std::min(count, size() - begin);
  auto run = std::upper_bound(runs_.begin(), runs_.end(), begin,
                              [](size_t at, const Run& one) { return at < one.end; });
  for (; begin < end; ++run) {
    const size_t stop = std::min(end, run->end);
    out.append(std::string_view(bytes_).substr(begin, stop - begin), run->mark);
    begin = stop;
  }
  return out;
}

Mark MarkedText::mainMark() const {
  for (const Run& run : runs_)
    if (run.mark.origin != 0) return run.mark;
  return runs_.empty() ? Mark{} : runs_.front().mark;
}

}  // namespace z2::jinja
