#include "core/data/conversations/message_reader.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr std::string_view kFunctionCall = "function_call";

// What a text of JSON holds; nothing when it is none.
std::optional<Json> parsed(std::string_view text) {
  auto json = parseJson(text, "");
  return json ? std::optional(std::move(*json)) : std::nullopt;
}

// {"name", "arguments"} as OpenAI wraps it, its arguments as an object where their text is one.
Json wrappedCall(const Json& call) {
  Json function = call.contains("function") && call.at("function").is_object()
                      ? call.at("function")
                      : Json{{"name", call.value("name", Json(""))},
                             {"arguments", call.value("arguments", Json::object())}};
  if (function.contains("arguments") && function.at("arguments").is_string())
    if (auto arguments = parsed(function.at("arguments").get_ref<const std::string&>());
        arguments && arguments->is_object())
      function["arguments"] = std::move(*arguments);
  Json wrapped = {{"type", "function"}, {"function", std::move(function)}};
  if (call.contains("id") && call.at("id").is_string()) wrapped["id"] = call.at("id");
  return wrapped;
}

// One call or a list of them; null when it is neither.
Json readCalls(const Json& json) {
  const Json list = json.is_array() ? json : Json::array({json});
  Json calls = Json::array();
  for (const Json& call : list) {
    const bool isCall = call.is_object() && (call.contains("name") || call.contains("function"));
    if (!isCall) return nullptr;
    calls.push_back(wrappedCall(call));
  }
  return calls.empty() ? Json(nullptr) : calls;
}

// Text, or OpenAI's list of parts of which the texts are taken.
Read<std::string> readContent(const Json& json, const std::string& where) {
  if (json.is_null()) return std::string();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() || json.is_boolean()) return json.dump();
  if (json.is_array()) {
    std::string text;
    for (const Json& part : json) {
      const bool isText = part.is_object() && part.contains("text") && part.at("text").is_string();
      if (part.is_string())
        text += part.get_ref<const std::string&>();
      else if (isText)
        text += part.at("text").get_ref<const std::string&>();
      else
        return sampleProblem("wrong type", where + " has a part that is no text");
    }
    return text;
  }
  return sampleProblem("wrong type", where + " is no text but an object");
}

}  // namespace

tl::unexpected<RecordProblem> sampleProblem(std::string reason, std::string detail) {
  return tl::unexpected(RecordProblem{std::move(reason), std::move(detail)});
}

std::optional<std::string> roleNamed(std::string_view name) {
  static const std::unordered_map<std::string_view, const char*> kRoles = {
      {"system", "system"},
      {"developer", "system"},
      {"user", "user"},
      {"human", "user"},
      {"prompter", "user"},
      {"assistant", "assistant"},
      {"gpt", "assistant"},
      {"bot", "assistant"},
      {"model", "assistant"},
      {"chatgpt", "assistant"},
      {"bing", "assistant"},
      {"bard", "assistant"},
      {kFunctionCall, "assistant"},
      {"tool", "tool"},
      {"function", "tool"},
      {"observation", "tool"},
      {"ipython", "tool"},
      {"environment", "tool"},
      {"function_response", "tool"},
      {"tool_response", "tool"},
      {"tool_call", "assistant"},
  };
  const auto found = kRoles.find(name);
  return found == kRoles.end() ? std::nullopt : std::optional<std::string>(found->second);
}

Read<ChatMessage> readMessage(const Json& json, const std::string& where) {
  if (!json.is_object()) return sampleProblem("wrong type", where + " is no object");
  const char* roleField = json.contains("from") ? "from" : "role";
  const char* contentField = json.contains("value") ? "value" : "content";
  if (!json.contains(roleField) || !json.at(roleField).is_string())
    return sampleProblem("missing field", where + " has no role (\"role\" or \"from\")");
  const auto name = json.at(roleField).get<std::string>();
  const auto role = roleNamed(name);
  if (!role)
    return sampleProblem(
        "unknown role",
        fmt::format("{} has the role \"{}\"; known are system, user, assistant, tool and other "
                    "names of these (human, gpt, function_call, observation, …)",
                    where, name));

  ChatMessage message;
  message.role = *role;
  const bool isCall = name == kFunctionCall || name == "tool_call";
  if (json.contains("tool_calls") && !json.at("tool_calls").is_null()) {
    const Json& calls = json.at("tool_calls");
    message.toolCalls = readCalls(calls);
    if (message.toolCalls.is_null() && !calls.empty())
      return sampleProblem("wrong type",
                           where + " has \"tool_calls\" that are no list of functions with names");
  } else if (json.contains("function_call") && json.at("function_call").is_object()) {
    message.toolCalls = readCalls(json.at("function_call"));
  }
  if (!json.contains(contentField) && message.toolCalls.is_null())
    return sampleProblem("missing field", where + " has no content (\"content\" or \"value\")");
  if (json.contains(contentField)) {
    Z2_TRY(message.content, readContent(json.at(contentField), where));
  }
  if (isCall)
    if (const auto call = parsed(message.content)) {
      message.toolCalls = readCalls(*call);
      if (!message.toolCalls.is_null()) message.content.clear();
    }
  for (const char* field : {"name", "tool_call_id", "reasoning_content", "thinking"})
    if (json.contains(field) && json.at(field).is_string()) message.extra[field] = json.at(field);
  // OpenAI's weight, and train of others: 0 or false is context alone.
  for (const char* field : {"weight", "train"})
    if (json.contains(field) && (json.at(field) == 0 || json.at(field) == false))
      message.isLeftUntrained = true;
  return message;
}

Read<std::vector<ChatMessage>> readMessages(const Json& json, const std::string& field) {
  std::vector<ChatMessage> messages;
  const Json list = json.is_array() ? json : Json::array({json});
  for (size_t i = 0; i < list.size(); ++i) {
    Z2_TRY(ChatMessage message, readMessage(list.at(i), fmt::format("{}[{}]", field, i)));
    messages.push_back(std::move(message));
  }
  return messages;
}

Read<Json> readTools(const Json& json) {
  Json list = json;
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    if (text.find_first_not_of(" \t\r\n") == text.npos) return Json(nullptr);
    auto held = parsed(text);
    if (!held) return sampleProblem("wrong type", "\"tools\" is text that is no JSON");
    list = std::move(*held);
  }
  if (list.is_null() || (list.is_array() && list.empty())) return Json(nullptr);
  if (list.is_object()) list = Json::array({list});
  if (!list.is_array()) return sampleProblem("wrong type", "\"tools\" is no list of functions");
  for (Json& tool : list) {
    if (!tool.is_object()) return sampleProblem("wrong type", "\"tools\" is no list of functions");
    if (!tool.contains("function")) tool = Json{{"type", "function"}, {"function", tool}};
  }
  return list;
}

Read<std::vector<ChatMessage>> readTranscript(std::string_view text, const std::string& field) {
  constexpr std::string_view kHuman = "\n\nHuman:";
  constexpr std::string_view kAssistant = "\n\nAssistant:";
  std::vector<ChatMessage> messages;
  // A transcript may begin without its blank line.
  std::string whole(text);
  if (whole.starts_with("Human:")) whole.insert(0, "\n\n");
  text = whole;
  if (!text.starts_with(kHuman) && !text.starts_with(kAssistant))
    return sampleProblem(
        "no transcript",
        fmt::format("\"{}\" does not begin with Human: or Assistant:, and no \"prompt\" stands "
                    "beside it",
                    field));
  const auto next = [&](size_t from) {
    return std::min(text.find(kHuman, from), text.find(kAssistant, from));
  };
  for (size_t at = 0; at != text.npos;) {
    const bool isHuman = text.substr(at).starts_with(kHuman);
    const size_t begin = at + (isHuman ? kHuman.size() : kAssistant.size());
    at = next(begin);
    std::string_view said = text.substr(begin, at == text.npos ? at : at - begin);
    if (said.starts_with(' ')) said.remove_prefix(1);
    messages.push_back({.role = isHuman ? "user" : "assistant", .content = std::string(said)});
  }
  return messages;
}

}  // namespace z2
