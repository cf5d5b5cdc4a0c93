#pragma once

// Messages of all formats in the project's own form.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/chat/conversation.h"
#include "core/data/records/record_composer.h"

namespace z2 {

template <typename T>
using Read = tl::expected<T, RecordProblem>;

[[nodiscard]] tl::unexpected<RecordProblem> sampleProblem(std::string reason, std::string detail);

// human, gpt, observation, … as system, user, assistant or tool.
[[nodiscard]] std::optional<std::string> roleNamed(std::string_view name);

// One object of from and value, or of role and content. `where` ("message 3") stands in problems.
[[nodiscard]] Read<ChatMessage> readMessage(const Json& json, const std::string& where);
// A list of them, or one.
[[nodiscard]] Read<std::vector<ChatMessage>> readMessages(const Json& json,
                                                          const std::string& field);

// A list, or the text of one, of functions, each wrapped as OpenAI does; null when there are none.
[[nodiscard]] Read<Json> readTools(const Json& json);

// "\n\nHuman: …\n\nAssistant: …" as messages.
[[nodiscard]] Read<std::vector<ChatMessage>> readTranscript(std::string_view text,
                                                            const std::string& field);

}  // namespace z2
