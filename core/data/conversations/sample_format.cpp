#include "core/data/conversations/sample_format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace z2 {

namespace {

constexpr std::array<std::string_view, 20> kFields = {
    "instruction", "input",  "output",     "system",   "history", "conversations", "messages",
    "tools",       "prompt", "completion", "response", "chosen",  "rejected",      "from",
    "value",       "role",   "content",    "question", "query",   "answer"};

bool isFieldOfMessages(std::string_view name) {
  return name == "from" || name == "value" || name == "role" || name == "content";
}

bool holds(const Json& record, const char* name) {
  return record.contains(name) && !record.at(name).is_null();
}
bool holdsList(const Json& record, const char* name) {
  return record.contains(name) && record.at(name).is_array();
}
bool holdsText(const Json& record, const char* name) {
  return record.contains(name) && record.at(name).is_string();
}

Json renamed(const Json& object, const ColumnMap& columns, bool isMessage) {
  if (!object.is_object()) return object;
  Json out = object;
  for (const auto& [name, actual] : columns) {
    if (isFieldOfMessages(name) != isMessage || !object.contains(actual)) continue;
    if (actual != name) out.erase(actual);
    out[name] = object.at(actual);
  }
  return out;
}

}  // namespace

std::string_view nameOf(SampleFormat format) {
  switch (format) {
    case SampleFormat::kAlpaca:
      return "alpaca";
    case SampleFormat::kShareGpt:
      return "sharegpt";
    case SampleFormat::kMessages:
      return "messages";
    case SampleFormat::kPromptCompletion:
      return "prompt-completion";
    case SampleFormat::kPreference:
      return "preference";
    case SampleFormat::kShareGptPreference:
      return "sharegpt-preference";
    case SampleFormat::kAlpacaRanking:
      return "alpaca-ranking";
    case SampleFormat::kTranscripts:
      return "transcripts";
  }
  return "";
}

Result<ColumnMap> parseColumns(const std::vector<std::string>& pairs) {
  ColumnMap columns;
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == pair.npos || equals == 0 || equals + 1 == pair.size())
      return usageError(fmt::format("--columns takes pairs name=column, not \"{}\"", pair),
                        "Give for example --columns prompt=question,completion=answer");
    const std::string name = pair.substr(0, equals);
    if (std::find(kFields.begin(), kFields.end(), name) == kFields.end())
      return usageError(fmt::format("--columns: no format has a field \"{}\"", name),
                        fmt::format("The names at the left are {}", fmt::join(kFields, ", ")));
    if (!columns.emplace(name, pair.substr(equals + 1)).second)
      return usageError(fmt::format("--columns names \"{}\" twice", name));
  }
  return columns;
}

Json withColumns(const Json& record, const ColumnMap& columns) {
  if (columns.empty() || !record.is_object()) return record;
  Json out = renamed(record, columns, false);
  for (const char* list : {"conversations", "messages", "chosen", "rejected", "prompt"}) {
    if (!out.contains(list)) continue;
    Json& held = out[list];
    if (held.is_array())
      for (Json& message : held) message = renamed(message, columns, true);
    else if (held.is_object())
      held = renamed(held, columns, true);
  }
  return out;
}

std::optional<SampleFormat> detectSampleFormat(const Json& record, SampleTask task) {
  using enum SampleFormat;
  if (!record.is_object()) return std::nullopt;
  if (task == SampleTask::kSft) {
    if (holdsList(record, "messages")) return kMessages;
    if (holdsList(record, "conversations")) return kShareGpt;
    if (holds(record, "prompt") && (holds(record, "completion") || holds(record, "response")))
      return kPromptCompletion;
    if (holdsText(record, "instruction") && (holds(record, "output") || holds(record, "response")))
      return kAlpaca;
    if (holdsText(record, "question") && holdsText(record, "answer")) return kPromptCompletion;
    return std::nullopt;
  }
  const bool hasBoth = holds(record, "chosen") && holds(record, "rejected");
  if (holdsText(record, "instruction") && (hasBoth || holdsList(record, "output")))
    return kAlpacaRanking;
  if (!hasBoth) return std::nullopt;
  if (holdsList(record, "conversations")) return kShareGptPreference;
  if (holds(record, "prompt") || holdsText(record, "question")) return kPreference;
  if (holdsText(record, "chosen") && holdsText(record, "rejected")) return kTranscripts;
  if (holdsList(record, "chosen") && holdsList(record, "rejected")) return kPreference;
  return std::nullopt;
}

std::string_view knownShapes(SampleTask task) {
  return task == SampleTask::kSft
             ? "instruction and output (Alpaca), conversations (ShareGPT), messages (OpenAI), or "
               "prompt and completion"
             : "chosen and rejected, with prompt, conversations (ShareGPT) or instruction "
               "(Alpaca), "
               "or as two transcripts or lists of messages";
}

}  // namespace z2
