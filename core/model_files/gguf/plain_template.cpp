#include "core/model_files/gguf/plain_template.h"

namespace z2 {

namespace {

// The word of a tag {% WORD %} without arguments; empty for any other tag.
std::string_view wordOf(std::string_view inside) {
  constexpr std::string_view kBlank = " \t\r\n-+";
  const size_t begin = inside.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return inside.substr(begin, inside.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

std::string withoutGenerationTags(std::string_view source) {
  std::string out;
  while (true) {
    const size_t begin = source.find("{%");
    const size_t end = begin == std::string_view::npos ? begin : source.find("%}", begin);
    if (end == std::string_view::npos) return out += source;
    const std::string_view word = wordOf(source.substr(begin + 2, end - begin - 2));
    const bool isBegin = word == "generation";
    if (isBegin || word == "endgeneration") {
      const auto at = static_cast<size_t>(word.data() - source.data());
      out += source.substr(0, at);
      out += isBegin ? "if true" : "endif";
      out += source.substr(at + word.size(), end + 2 - at - word.size());
    } else {
      out += source.substr(0, end + 2);
    }
    source.remove_prefix(end + 2);
  }
}

}  // namespace z2
