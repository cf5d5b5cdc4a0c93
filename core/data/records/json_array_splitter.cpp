#include "core/data/records/json_array_splitter.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace z2 {

namespace {

class JsonArraySplitter final : public RecordSplitter {
 public:
  JsonArraySplitter(std::string where, bool isInside)
      : where_(std::move(where)), isInside_(isInside) {}

  Result<size_t> split(std::string_view bytes, bool isLast, uint64_t& line,
                       std::vector<RecordBlock::Record>& records) override {
    size_t at = 0;
    size_t done = 0;  // behind the last element: what separates it from the next stays with that
    uint64_t here = line;
    while (true) {
      const size_t next =
          std::min(bytes.find_first_not_of(isInside_ ? " \t\r\n," : " \t\r\n", at), bytes.size());
      here += newlines(bytes.substr(at, next - at));
      at = next;
      if (at == bytes.size()) break;
      if (isClosed_) return badInput(place(here), "there is text after the array of records");
      if (!isInside_) {
        if (bytes[at] != '[') return badInput(place(here), "this is no array of JSON records");
        isInside_ = true;
        done = ++at;
        line = here;
        continue;
      }
      if (bytes[at] == ']') {
        if (!isLast) return done;
        isClosed_ = true;
        ++at;
        continue;
      }
      const size_t end = elementEnd(bytes, at);
      if (end >= bytes.size() && !isLast) return done;
      if (end == bytes.npos)
        return badInput(place(here), "the file ends inside of this record",
                        "The file is cut off, or a quotation mark is missing");
      records.push_back({at, end - at, here});
      here += newlines(bytes.substr(at, end - at));
      done = at = end;
      line = here;
    }
    if (!isLast) return done;
    if (!isClosed_)
      return badInput(place(here), "the array of records has no end",
                      "The file is cut off: copy it again");
    line = here;
    return bytes.size();
  }
  [[nodiscard]] bool isJson() const override { return true; }

 private:
  [[nodiscard]] std::string place(uint64_t line) const {
    return fmt::format("{}:{}", where_, line);
  }

  static uint64_t newlines(std::string_view text) {
    return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
  }

  // Behind the element that starts at `at`: its closing bracket, or the comma or bracket after a
  // bare value.
  static size_t elementEnd(std::string_view bytes, size_t at) {
    int64_t depth = 0;
    for (size_t i = at; i < bytes.size(); ++i) {
      const char c = bytes[i];
      if (c == '"') {
        for (++i; i < bytes.size() && bytes[i] != '"'; ++i)
          if (bytes[i] == '\\') ++i;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return std::max(i, at + 1);
        if (--depth == 0) return i + 1;
      } else if (c == ',' && depth == 0) {
        return i;
      }
    }
    return bytes.npos;
  }

  std::string where_;
  bool isInside_;
  bool isClosed_ = false;
};

}  // namespace

std::unique_ptr<RecordSplitter> makeJsonArraySplitter(std::string where, bool isInside) {
  return std::make_unique<JsonArraySplitter>(std::move(where), isInside);
}

}  // namespace z2
