#include "core/data/conversations/sample_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/message_reader.h"

namespace z2 {

namespace {

using Messages = std::vector<ChatMessage>;

bool isBlank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

Read<std::string> textOf(const Json& record, const char* name) {
  if (!record.contains(name) || record.at(name).is_null()) return std::string();
  const Json& value = record.at(name);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return sampleProblem("wrong type", fmt::format("\"{}\" is no text", name));
}

tl::unexpected<RecordProblem> emptyAnswer(const char* field) {
  return sampleProblem("empty answer", fmt::format("\"{}\" is empty", field));
}

Read<std::string> requiredText(const Json& record, const char* name, const char* other = nullptr) {
  const char* present = record.contains(name) || other == nullptr ? name : other;
  if (!record.contains(present))
    return sampleProblem("missing field", fmt::format("the record has no \"{}\"", name));
  return textOf(record, present);
}

Read<void> addSystem(const Json& record, Messages& messages) {
  Z2_TRY(std::string system, textOf(record, "system"));
  const bool isThere = !messages.empty() && messages.front().role == "system";
  if (!system.empty() && !isThere)
    messages.insert(messages.begin(), {.role = "system", .content = std::move(system)});
  return {};
}

Read<void> addTools(const Json& record, Conversation& conversation) {
  if (!record.contains("tools")) return {};
  Z2_TRY(conversation.tools, readTools(record.at("tools")));
  return {};
}

// The user's part of an Alpaca record, with what comes before it.
Read<Messages> alpacaPrompt(const Json& record) {
  Messages messages;
  if (record.contains("history") && record.at("history").is_array())
    for (const Json& turn : record.at("history")) {
      if (!turn.is_array() || turn.size() != 2 || !turn[0].is_string() || !turn[1].is_string())
        return sampleProblem("wrong type", "\"history\" is no list of pairs of texts");
      messages.push_back({.role = "user", .content = turn[0].get<std::string>()});
      messages.push_back({.role = "assistant", .content = turn[1].get<std::string>()});
    }
  Z2_TRY(const std::string instruction, requiredText(record, "instruction"));
  Z2_TRY(const std::string input, textOf(record, "input"));
  ChatMessage message{.role = "user", .content = instruction};
  if (!input.empty()) {
    message.content += (instruction.empty() ? "" : "\n") + input;
    message.extra = {{"instruction", instruction}, {"input", input}};
  }
  messages.push_back(std::move(message));
  Z2_TRY_VOID(addSystem(record, messages));
  return messages;
}

// Text is one message of that role.
Read<Messages> textOrMessages(const Json& record, const char* name, const char* role) {
  const Json& value = record.at(name);
  if (value.is_string()) return Messages{{.role = role, .content = value.get<std::string>()}};
  return readMessages(value, name);
}

Read<ChatSample> readAlpaca(const Json& record) {
  ChatSample sample;
  Z2_TRY(sample.conversation.messages, alpacaPrompt(record));
  Z2_TRY(std::string output, requiredText(record, "output", "response"));
  if (isBlank(output)) return emptyAnswer(record.contains("output") ? "output" : "response");
  sample.conversation.messages.push_back({.role = "assistant", .content = std::move(output)});
  return sample;
}

Read<ChatSample> readList(const Json& record, const char* name) {
  if (!record.contains(name) || !record.at(name).is_array())
    return sampleProblem("missing field", fmt::format("the record has no list \"{}\"", name));
  ChatSample sample;
  Z2_TRY(sample.conversation.messages, readMessages(record.at(name), name));
  Z2_TRY_VOID(addSystem(record, sample.conversation.messages));
  Z2_TRY_VOID(addTools(record, sample.conversation));
  return sample;
}

Read<ChatSample> readPromptCompletion(const Json& record) {
  const char* prompt =
      !record.contains("prompt") && record.contains("question") ? "question" : "prompt";
  const char* completion = "completion";
  for (const char* other : {"response", "answer"})
    if (!record.contains(completion) && record.contains(other)) completion = other;
  for (const char* name : {prompt, completion})
    if (!record.contains(name))
      return sampleProblem("missing field", fmt::format("the record has no \"{}\"", name));
  ChatSample sample;
  Z2_TRY(sample.conversation.messages, textOrMessages(record, prompt, "user"));
  Z2_TRY(Messages answer, textOrMessages(record, completion, "assistant"));
  if (answer.size() == 1 && isBlank(answer[0].content) && answer[0].toolCalls.is_null())
    return emptyAnswer(completion);
  Z2_TRY(const std::string query, textOf(record, "query"));
  if (!query.empty() && record.at(prompt).is_string())
    sample.conversation.messages.back().content += "\n" + query;
  // What stands in the prompt is not learnt.
  for (ChatMessage& message : sample.conversation.messages) message.isLeftUntrained = true;
  for (ChatMessage& message : answer) sample.conversation.messages.push_back(std::move(message));
  Z2_TRY_VOID(addSystem(record, sample.conversation.messages));
  Z2_TRY_VOID(addTools(record, sample.conversation));
  return sample;
}

// Moves the messages that both begin with to the prompt.
Read<void> splitCommonPrompt(ChatSample& sample) {
  size_t shared = 0;
  const size_t most = std::min(sample.chosen.size(), sample.rejected.size());
  while (shared < most && sample.chosen[shared] == sample.rejected[shared]) ++shared;
  if (shared == sample.chosen.size() && shared == sample.rejected.size())
    return sampleProblem("same answers", "chosen and rejected are the same");
  if (shared == most) --shared;  // one is the beginning of the other
  auto& prompt = sample.conversation.messages;
  const auto end = static_cast<ptrdiff_t>(shared);
  prompt.insert(prompt.end(), sample.chosen.begin(), sample.chosen.begin() + end);
  sample.chosen.erase(sample.chosen.begin(), sample.chosen.begin() + end);
  sample.rejected.erase(sample.rejected.begin(), sample.rejected.begin() + end);
  return {};
}

Read<void> readAnswers(const Json& record, ChatSample& sample) {
  for (const char* name : {"chosen", "rejected"})
    if (!record.contains(name))
      return sampleProblem("missing field", fmt::format("the record has no \"{}\"", name));
  Z2_TRY(sample.chosen, textOrMessages(record, "chosen", "assistant"));
  Z2_TRY(sample.rejected, textOrMessages(record, "rejected", "assistant"));
  return {};
}

Read<ChatSample> readPreference(const Json& record) {
  ChatSample sample;
  Z2_TRY_VOID(readAnswers(record, sample));
  // Whole conversations hold the prompt themselves.
  const bool areWhole = !sample.chosen.empty() && !sample.rejected.empty() &&
                        sample.chosen.front().role != "assistant" &&
                        sample.rejected.front().role != "assistant";
  if (!areWhole) {
    const char* prompt = record.contains("prompt") ? "prompt" : "question";
    if (record.contains(prompt)) {
      Z2_TRY(sample.conversation.messages, textOrMessages(record, prompt, "user"));
    }
  }
  Z2_TRY_VOID(splitCommonPrompt(sample));
  Z2_TRY_VOID(addSystem(record, sample.conversation.messages));
  Z2_TRY_VOID(addTools(record, sample.conversation));
  return sample;
}

Read<ChatSample> readShareGptPreference(const Json& record) {
  Z2_TRY(ChatSample sample, readList(record, "conversations"));
  Z2_TRY_VOID(readAnswers(record, sample));
  Z2_TRY_VOID(splitCommonPrompt(sample));
  return sample;
}

Read<ChatSample> readAlpacaRanking(const Json& record) {
  ChatSample sample;
  Z2_TRY(sample.conversation.messages, alpacaPrompt(record));
  Json answers = record;
  if (!record.contains("chosen")) {
    const Json& output = record.value("output", Json::array());
    if (!output.is_array() || output.size() != 2)
      return sampleProblem("missing field", "\"output\" is no list of two answers");
    answers["chosen"] = output[0];
    answers["rejected"] = output[1];
  }
  Z2_TRY_VOID(readAnswers(answers, sample));
  Z2_TRY_VOID(splitCommonPrompt(sample));
  return sample;
}

Read<ChatSample> readTranscripts(const Json& record) {
  ChatSample sample;
  Z2_TRY(const std::string chosen, requiredText(record, "chosen"));
  Z2_TRY(const std::string rejected, requiredText(record, "rejected"));
  Z2_TRY(sample.chosen, readTranscript(chosen, "chosen"));
  Z2_TRY(sample.rejected, readTranscript(rejected, "rejected"));
  Z2_TRY_VOID(splitCommonPrompt(sample));
  return sample;
}

// Of messages that are to be learnt from.
Read<void> checkAnswers(const Messages& messages, std::string_view what) {
  bool hasAnswer = false;
  for (size_t i = 0; i < messages.size(); ++i) {
    const ChatMessage& message = messages[i];
    if (message.role != "assistant") continue;
    hasAnswer = true;
    if (!isBlank(message.content) || !message.toolCalls.is_null() || message.isLeftUntrained)
      continue;
    if (messages.size() == 1)
      return sampleProblem("empty answer", fmt::format("the {} is empty", what));
    return sampleProblem(
        "empty answer", fmt::format("message {} of the {}, an assistant's, is empty", i + 1, what));
  }
  if (hasAnswer) return {};
  return sampleProblem("no answer", fmt::format("no assistant speaks in the {}", what));
}

Read<ChatSample> readAs(const Json& record, SampleFormat format) {
  switch (format) {
    case SampleFormat::kAlpaca:
      return readAlpaca(record);
    case SampleFormat::kShareGpt:
      return readList(record, "conversations");
    case SampleFormat::kMessages:
      return readList(record, "messages");
    case SampleFormat::kPromptCompletion:
      return readPromptCompletion(record);
    case SampleFormat::kPreference:
      return readPreference(record);
    case SampleFormat::kShareGptPreference:
      return readShareGptPreference(record);
    case SampleFormat::kAlpacaRanking:
      return readAlpacaRanking(record);
    case SampleFormat::kTranscripts:
      return readTranscripts(record);
  }
  return sampleProblem("missing field", "the format is not known");
}

}  // namespace

tl::expected<ChatSample, RecordProblem> readSample(const Json& record, SampleFormat format) {
  if (!record.is_object()) return sampleProblem("wrong type", "the record is no object");
  auto sample = readAs(record, format);
  if (!sample) return sample;
  if (sample->chosen.empty() && sample->rejected.empty()) {
    Z2_TRY_VOID(checkAnswers(sample->conversation.messages, "conversation"));
    return sample;
  }
  if (sample->conversation.messages.empty())
    return sampleProblem(
        "no prompt",
        "chosen and rejected have nothing in common, and no \"prompt\" stands beside them");
  for (const auto& [messages, name] : {std::pair(&sample->chosen, "chosen answer"),
                                       std::pair(&sample->rejected, "rejected answer")})
    Z2_TRY_VOID(checkAnswers(*messages, name));
  return sample;
}

}  // namespace z2
