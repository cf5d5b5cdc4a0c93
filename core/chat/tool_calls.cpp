#include "core/chat/tool_calls.h"

#include <algorithm>
#include <utility>

namespace z2 {

namespace {

constexpr std::string_view kTagOpen = "<tool_call>";
constexpr std::string_view kTagClose = "</tool_call>";
constexpr std::string_view kList = "[TOOL_CALLS]";
constexpr std::string_view kSpaces = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

// Adds what `json` holds to the calls; false when it is no call.
bool addCall(const Json& json, const char* argumentsName, Json& calls) {
  const bool isCall = json.is_object() && json.contains("name") && json["name"].is_string() &&
                      json.contains(argumentsName) && json[argumentsName].is_object();
  if (!isCall) return false;
  calls.push_back({{"type", "function"},
                   {"function", {{"name", json["name"]}, {"arguments", json[argumentsName]}}}});
  return true;
}

bool readTagged(std::string_view rest, Json& calls) {
  while (!rest.empty()) {
    if (!rest.starts_with(kTagOpen)) return false;
    rest.remove_prefix(kTagOpen.size());
    // The last one may end with the answer.
    const size_t end = std::min(rest.find(kTagClose), rest.size());
    const auto json = parseJson(rest.substr(0, end), "call");
    if (!json || !addCall(*json, "arguments", calls)) return false;
    rest = trimmed(rest.substr(std::min(rest.size(), end + kTagClose.size())));
  }
  return true;
}

bool readListed(std::string_view rest, Json& calls) {
  const auto json = parseJson(rest.substr(kList.size()), "calls");
  return json && json->is_array() && std::ranges::all_of(*json, [&](const Json& one) {
           return addCall(one, "arguments", calls);
         });
}

std::string_view openingOf(ToolCallStyle style) {
  return style == ToolCallStyle::kTagged ? kTagOpen : kList;
}

}  // namespace

CalledText readToolCalls(std::string_view answer, ToolCallStyle style) {
  CalledText read{.content = std::string(answer)};
  Json calls = Json::array();
  size_t begin = 0;
  bool isRead = false;
  if (style == ToolCallStyle::kBare) {
    const auto json = parseJson(trimmed(answer), "call");
    isRead = json && addCall(*json, "parameters", calls);
  } else {
    begin = answer.find(openingOf(style));
    if (begin == answer.npos) return read;
    const std::string_view rest = trimmed(answer.substr(begin));
    isRead = style == ToolCallStyle::kTagged ? readTagged(rest, calls) : readListed(rest, calls);
  }
  if (!isRead || calls.empty()) return read;
  read.content = std::string(trimmed(answer.substr(0, begin)));
  read.calls = std::move(calls);
  return read;
}

size_t textBeforeCalls(std::string_view answer, ToolCallStyle style) {
  if (style == ToolCallStyle::kBare) {
    const size_t begin = answer.find_first_not_of(kSpaces);
    return begin == answer.npos || answer[begin] == '{' ? 0 : answer.size();
  }
  const std::string_view opening = openingOf(style);
  size_t end = answer.find(opening);
  if (end == answer.npos) {
    end = answer.size();
    // What may become the opening.
    for (size_t size = std::min(answer.size(), opening.size() - 1); size > 0; --size)
      if (answer.ends_with(opening.substr(0, size))) {
        end -= size;
        break;
      }
  }
  // Space before a call is not part of the text.
  const size_t last = answer.substr(0, end).find_last_not_of(kSpaces);
  return last == answer.npos ? 0 : last + 1;
}

}  // namespace z2
