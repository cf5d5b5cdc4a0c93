#pragma once

// The shapes that conversations and preferences come in, and how a record's is recognised.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace z2 {

enum class SampleFormat {
  // For supervised fine-tuning.
  kAlpaca,            // instruction, input, output, system, history
  kShareGpt,          // conversations of from and value; also the study project's
  kMessages,          // OpenAI's: messages of role and content, tools
  kPromptCompletion,  // prompt (and query, its input), completion: texts or messages
  // Preferences.
  kPreference,  // prompt, chosen, rejected: texts or messages; without prompt, what both share
  kShareGptPreference,  // conversations, chosen, rejected
  kAlpacaRanking,       // instruction, input, chosen, rejected, or output of both
  kTranscripts,         // hh-rlhf's: chosen and rejected of "\n\nHuman: … \n\nAssistant: …"
};

enum class SampleTask { kSft, kDpo };

[[nodiscard]] std::string_view nameOf(SampleFormat format);

// What fields are called in a file: "prompt" → "question". Fields of messages (from, value, role,
// content) can be named, too.
using ColumnMap = std::map<std::string, std::string>;
// "prompt=question,completion=answer". kUsage for a left side that no format has.
[[nodiscard]] Result<ColumnMap> parseColumns(const std::vector<std::string>& pairs);

// The record with its fields under the names that the formats know.
[[nodiscard]] Json withColumns(const Json& record, const ColumnMap& columns);

// By the fields of a record that withColumns gave. Nothing when no format has them.
[[nodiscard]] std::optional<SampleFormat> detectSampleFormat(const Json& record, SampleTask task);

// "instruction, output", …: what is looked for, for an error.
[[nodiscard]] std::string_view knownShapes(SampleTask task);

}  // namespace z2
