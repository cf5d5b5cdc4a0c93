#include "core/chat/chat_template.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat/jinja/json_value.h"

namespace z2 {

using jinja::MarkedText;
using jinja::Value;

namespace {

constexpr uint32_t kDataOrigin = 1;

// A role is a plain word, so that it may be part of a special token's spelling.
bool isPlainWord(std::string_view role) {
  return std::all_of(role.begin(), role.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Value messageValue(const ChatMessage& message, uint32_t origin) {
  std::vector<std::pair<std::string, Value>> fields = {
      {"role", Value::text(message.role, isPlainWord(message.role) ? 0 : kDataOrigin)},
      {"content", Value::text(message.content, origin)}};
  if (!message.toolCalls.is_null())
    fields.emplace_back("tool_calls", jinja::valueOf(message.toolCalls, origin));
  for (const auto& [name, value] : message.extra.items())
    fields.emplace_back(name, jinja::valueOf(value, origin));
  return Value::dict(std::move(fields));
}

}  // namespace

std::string_view nameOf(TrainOn trainOn) {
  return trainOn == TrainOn::kAll ? "all" : trainOn == TrainOn::kLast ? "last" : "assistant";
}

std::optional<TrainOn> trainOnNamed(std::string_view name) {
  for (const TrainOn one : {TrainOn::kAssistant, TrainOn::kAll, TrainOn::kLast})
    if (nameOf(one) == name) return one;
  return std::nullopt;
}

ChatTemplate::ChatTemplate(jinja::Template parsed, TemplateTokens tokens)
    : template_(std::move(parsed)), tokens_(std::move(tokens)) {}

Result<ChatTemplate> ChatTemplate::create(std::string_view source, std::string name,
                                          TemplateTokens tokens) {
  Z2_TRY(jinja::Template parsed, jinja::Template::parse(source, std::move(name)));
  ChatTemplate made(std::move(parsed), std::move(tokens));
  if (!made.hasGeneration()) made.findTurns();
  return made;
}

Result<MarkedText> ChatTemplate::renderMarked(const Conversation& conversation,
                                              const ChatRenderOptions& options) const {
  std::vector<Value> messages;
  for (size_t i = 0; i < conversation.messages.size(); ++i)
    messages.push_back(
        messageValue(conversation.messages[i], kFirstMessage + static_cast<uint32_t>(i)));
  std::vector<Value> special;
  for (const std::string& token : tokens_.special) special.push_back(Value::text(token));
  jinja::Variables variables = {
      {"messages", Value::list(std::move(messages))},
      {"add_generation_prompt", Value::boolean(options.addsGenerationPrompt)},
      {"bos_token", Value::text(tokens_.bos)},
      {"eos_token", Value::text(tokens_.eos)},
      {"special_tokens", Value::list(std::move(special))},
      // As transformers gives them.
      {"tools", conversation.tools.is_null() ? Value::none()
                                             : jinja::valueOf(conversation.tools, kDataOrigin)},
      {"documents", Value::none()}};
  return template_.render(variables, {.limits = {}, .now = options.now});
}

std::vector<ChatTemplate::Range> ChatTemplate::markedRanges(const MarkedText& text) const {
  std::vector<Range> ranges;
  size_t begin = 0;
  uint32_t last = 0;
  for (const MarkedText::Run& run : text.runs()) {
    if (run.mark.generation != 0) {
      if (run.mark.generation != last) ranges.push_back({begin, begin, std::nullopt});
      ranges.back().end = run.end;
      if (run.mark.origin >= kFirstMessage) ranges.back().message = run.mark.origin - kFirstMessage;
    }
    last = run.mark.generation;
    begin = run.end;
  }
  return ranges;
}

Result<std::vector<ChatPiece>> ChatTemplate::render(const Conversation& conversation,
                                                    const ChatRenderOptions& options) const {
  Z2_TRY(const MarkedText text, renderMarked(conversation, options));
  std::vector<Range> ranges;
  if (options.trainOn == TrainOn::kAll) {
    ranges.push_back({0, text.size(), std::nullopt});
  } else {
    ranges = hasGeneration() ? markedRanges(text) : followedRanges(text, conversation);
    std::erase_if(ranges, [&](const Range& range) {
      if (!range.message) return options.firstTrained > 0;
      return *range.message < options.firstTrained ||
             conversation.messages[*range.message].isLeftUntrained;
    });
    if (options.trainOn == TrainOn::kLast && ranges.size() > 1)
      ranges.erase(ranges.begin(), ranges.end() - 1);
  }

  std::vector<ChatPiece> pieces;
  const auto add = [&](size_t begin, size_t end, bool isTemplate, bool isTrained) {
    if (begin >= end) return;
    const std::string_view part = std::string_view(text.bytes()).substr(begin, end - begin);
    if (!pieces.empty() && pieces.back().isTemplate == isTemplate &&
        pieces.back().isTrained == isTrained)
      pieces.back().text += part;
    else
      pieces.push_back({std::string(part), isTemplate, isTrained});
  };
  size_t at = 0;
  auto range = ranges.begin();
  for (const MarkedText::Run& run : text.runs()) {
    const bool isTemplate = run.mark.origin == 0;
    while (at < run.end) {
      while (range != ranges.end() && range->end <= at) ++range;
      const bool isTrained = range != ranges.end() && range->begin <= at;
      size_t stop = run.end;
      if (range != ranges.end()) stop = std::min(stop, isTrained ? range->end : range->begin);
      if (stop <= at) stop = run.end;
      add(at, stop, isTemplate, isTrained);
      at = stop;
    }
  }
  return pieces;
}

}  // namespace z2
