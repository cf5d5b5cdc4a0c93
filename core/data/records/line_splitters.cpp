#include "core/data/records/line_splitters.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>

namespace z2 {

namespace {

bool isBlank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == line.npos; }

// A line without its end. `end`: where the next one begins; false when the line is not whole.
bool takeLine(std::string_view bytes, size_t begin, bool isLast, std::string_view& line,
              size_t& end) {
  const size_t newline = bytes.find('\n', begin);
  if (newline == bytes.npos && !isLast) return false;
  end = newline == bytes.npos ? bytes.size() : newline + 1;
  line = bytes.substr(begin, (newline == bytes.npos ? bytes.size() : newline) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

class LineSplitter final : public RecordSplitter {
 public:
  explicit LineSplitter(bool isJson) : isJson_(isJson) {}

  Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                       std::vector<RecordBlock::Record>& records) override {
    size_t begin = 0;
    size_t end = 0;
    std::string_view text;
    for (; begin < bytes.size() && takeLine(bytes, begin, isLast, text, end); begin = end, ++line)
      if (!isBlank(text)) records.push_back({begin, text.size(), line});
    return begin;
  }
  [[nodiscard]] bool endsAtNewline() const override { return true; }
  [[nodiscard]] bool isJson() const override { return isJson_; }

 private:
  bool isJson_;
};

class WholeLineSplitter final : public RecordSplitter {
 public:
  Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                       std::vector<RecordBlock::Record>& records) override {
    size_t begin = 0;
    size_t end = 0;
    std::string_view ignored;
    for (; begin < bytes.size() && takeLine(bytes, begin, isLast, ignored, end);
         begin = end, ++line)
      records.push_back({begin, end - begin, line});
    return begin;
  }
  [[nodiscard]] bool endsAtNewline() const override { return true; }
  [[nodiscard]] bool isJson() const override { return false; }
};

class ParagraphSplitter final : public RecordSplitter {
 public:
  Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                       std::vector<RecordBlock::Record>& records) override {
    size_t done = 0;
    uint64_t doneLine = line;
    size_t start = bytes.npos;  // of the paragraph at hand
    size_t stop = 0;
    uint64_t startLine = line;
    size_t end = 0;
    std::string_view text;
    for (size_t begin = 0; begin < bytes.size() && takeLine(bytes, begin, isLast, text, end);
         begin = end, ++line) {
      if (!isBlank(text)) {
        if (start == bytes.npos) {
          start = begin;
          startLine = line;
        }
        stop = begin + text.size();
        continue;
      }
      if (start != bytes.npos) records.push_back({start, stop - start, startLine});
      start = bytes.npos;
      done = end;
      doneLine = line + 1;
    }
    if (!isLast) {
      line = doneLine;
      return done;
    }
    if (start != bytes.npos) records.push_back({start, stop - start, startLine});
    return bytes.size();
  }
  [[nodiscard]] bool isJson() const override { return false; }
};

class WholeFileSplitter final : public RecordSplitter {
 public:
  Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                       std::vector<RecordBlock::Record>& records) override {
    if (!isLast || bytes.empty()) return 0;
    records.push_back({0, bytes.size(), line});
    return bytes.size();
  }
  [[nodiscard]] bool isJson() const override { return false; }
};

}  // namespace

std::unique_ptr<RecordSplitter> makeLineSplitter(bool isJson) {
  return std::make_unique<LineSplitter>(isJson);
}
std::unique_ptr<RecordSplitter> makeWholeLineSplitter() {
  return std::make_unique<WholeLineSplitter>();
}
std::unique_ptr<RecordSplitter> makeParagraphSplitter() {
  return std::make_unique<ParagraphSplitter>();
}
std::unique_ptr<RecordSplitter> makeWholeFileSplitter() {
  return std::make_unique<WholeFileSplitter>();
}

}  // namespace z2
