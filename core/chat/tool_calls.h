#pragma once

// Calls of functions in what an assistant says: from text back to calls.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/io/json.h"

namespace z2 {

// The ways in which chat templates write calls that are known here.
enum class ToolCallStyle {
  kTagged,  // <tool_call>{"name": …, "arguments": {…}}</tool_call>, one or more behind the text:
            // Qwen 2.5, Hermes, and the templates of this program
  kListed,  // [TOOL_CALLS] [{"name": …, "arguments": {…}}, …]: Mistral
  kBare,    // {"name": …, "parameters": {…}} and nothing else: Llama 3.1
};
inline constexpr std::array kToolCallStyles = {ToolCallStyle::kTagged, ToolCallStyle::kListed,
                                               ToolCallStyle::kBare};

// Spellings that stand around calls. Where a tokenizer has them as special tokens, an answer's text
// must show them.
inline constexpr std::array<std::string_view, 3> kToolCallMarkers = {"<tool_call>", "</tool_call>",
                                                                     "[TOOL_CALLS]"};

struct CalledText {
  std::string content;  // all of it where there is no call that can be read
  // [{"type":"function","function":{"name":…,"arguments":{…}}}, …]; null: none.
  Json calls = nullptr;
};
// A whole answer.
[[nodiscard]] CalledText readToolCalls(std::string_view answer, ToolCallStyle style);

// Bytes at the beginning of an answer that goes on which are no part of a call, whatever follows.
[[nodiscard]] size_t textBeforeCalls(std::string_view answer, ToolCallStyle style);

}  // namespace z2
