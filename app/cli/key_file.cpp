#include "app/cli/key_file.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "app/cli/line_input.h"

namespace z2::cli {

namespace {

constexpr size_t kLongestKey = 4096;

}  // namespace

Result<std::string> readKey(const std::string& path) {
  const std::string where = path == "-" ? "standard input" : path;
  Z2_TRY(LineInput input, LineInput::open(path));
  Z2_TRY(const std::optional<std::string_view> line, input.next());
  std::string key(line.value_or(std::string_view()));
  key.erase(0, std::min(key.find_first_not_of(" \t"), key.size()));
  key.resize(key.find_last_not_of(" \t\r") + 1);
  if (key.empty()) return badInput(where, "there is no key in the first line");
  const bool isPlain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (!isPlain || key.size() > kLongestKey)
    return badInput(where, "the first line is no key: it has spaces or other characters in it",
                    "Put the key alone on the first line");
  return key;
}

}  // namespace z2::cli
