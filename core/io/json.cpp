#include "core/io/json.h"

#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/io/files.h"

namespace z2 {

namespace {

constexpr int kMaxDepth = 64;

// Brackets outside of strings; the parser itself recurses without a limit.
bool isTooDeep(std::string_view text) {
  int depth = 0;
  bool isInString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (isInString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        isInString = false;
    } else if (c == '"') {
      isInString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> parseJson(std::string_view text, std::string_view where) {
  if (isTooDeep(text))
    return badInput(std::string(where),
                    "the JSON is nested deeper than " + std::to_string(kMaxDepth) + " levels");
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& failure) {
    if (std::string_view(failure.what()).find("ill-formed UTF-8") != std::string_view::npos)
      return badInput(std::string(where),
                      "this is not UTF-8 (at byte " + std::to_string(failure.byte) + ")",
                      "Convert it from its encoding, for example with iconv -f GB18030 -t UTF-8");
    return badInput(std::string(where),
                    "this is not valid JSON (at byte " + std::to_string(failure.byte) + ")");
  } catch (const std::exception& failure) {
    return badInput(std::string(where), failure.what());
  }
}

Result<Json> readJsonFile(const std::filesystem::path& path, uint64_t limit) {
  Z2_TRY(const std::string text, readFile(path, limit));
  return parseJson(text, path.native());
}

Result<void> writeJsonFile(const std::filesystem::path& path, const Json& value) {
  return replaceFile(path,
                     value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::string jsonLine(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace z2
