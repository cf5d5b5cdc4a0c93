// What an assistant's turn is in a text whose template marks nothing as trained.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat/chat_template.h"

namespace z2 {

using jinja::MarkedText;

namespace {

// Where the first special token in the text begins and ends.
std::optional<std::pair<size_t, size_t>> firstSpecial(std::string_view text,
                                                      const std::vector<std::string>& special) {
  size_t first = std::string::npos;
  size_t end = 0;
  for (const std::string& token : special) {
    const size_t found = token.empty() ? std::string::npos : text.find(token);
    if (found == std::string::npos || found > first) continue;
    // Of two that begin at one place the longer.
    end = found == first ? std::max(end, found + token.size()) : found + token.size();
    first = found;
  }
  if (first == std::string::npos) return std::nullopt;
  return std::pair(first, end);
}

// Where the last special token of the template's between the two places ends; 0: there is none.
size_t lastSpecialEnd(const MarkedText& text, size_t from, size_t to,
                      const std::vector<std::string>& special) {
  size_t last = 0;
  size_t begin = 0;
  for (const MarkedText::Run& run : text.runs()) {
    const size_t first = std::max(from, std::exchange(begin, run.end));
    const size_t end = std::min(to, run.end);
    if (run.mark.origin != 0 || first >= end) continue;
    const std::string_view part = std::string_view(text.bytes()).substr(first, end - first);
    for (const std::string& token : special)
      if (const size_t found = token.empty() ? part.npos : part.rfind(token); found != part.npos)
        last = std::max(last, first + found + token.size());
  }
  return last;
}

}  // namespace

// The text behind a message's last own character, up to another message's first or the end.
std::string ChatTemplate::textBehind(const MarkedText& text, size_t message) {
  const auto origin = static_cast<uint32_t>(kFirstMessage + message);
  size_t begin = 0;
  size_t behind = 0;
  size_t end = text.size();
  for (const MarkedText::Run& run : text.runs()) {
    if (run.mark.origin == origin) {
      behind = run.end;
      end = text.size();
    } else if (run.mark.origin >= kFirstMessage && behind > 0) {
      end = std::min(end, begin);
    }
    begin = run.end;
  }
  return behind == 0 ? std::string() : text.bytes().substr(behind, end - behind);
}

// What two texts begin with, up to the end of its last line or special token where both go on
// otherwise.
std::string ChatTemplate::sharedBeginning(const std::string& a, const std::string& b) const {
  const auto differs = std::ranges::mismatch(a, b).in1;
  std::string shared(a.begin(), differs);
  if (shared.size() == a.size() || shared.size() == b.size()) return shared;
  size_t end = shared.rfind('\n') + 1;  // npos + 1 is 0
  for (const std::string& token : tokens_.special)
    if (const size_t found = token.empty() ? shared.npos : shared.rfind(token);
        found != shared.npos)
      end = std::max(end, found + token.size());
  shared.resize(end);
  return shared;
}

// `asked`: a conversation whose last message the assistant answers. The template may ask for an
// answer in other words than those that it puts before an answer that is there.
void ChatTemplate::findOpening(Conversation asked) {
  const auto add = [&](std::string opening) {
    if (!opening.empty()) openings_.push_back(std::move(opening));
  };
  const size_t last = asked.messages.size() - 1;
  const auto text = renderMarked(asked, {.addsGenerationPrompt = true});
  if (!text) return;
  const std::string opening = textBehind(*text, last);
  add(opening);
  asked.messages.push_back({.role = "assistant", .content = "y"});
  if (const auto answered = renderMarked(asked, {}))
    add(sharedBeginning(opening, textBehind(*answered, last)));
}

void ChatTemplate::findTurns() {
  Conversation conversation;
  conversation.messages = {{.role = "user", .content = "x"}};
  findOpening(conversation);
  conversation.messages.push_back({.role = "assistant", .content = "y"});
  // What ends an answer stands there whether or not the conversation goes on.
  const auto ended = renderMarked(conversation, {});
  conversation.messages.push_back({.role = "user", .content = "z"});
  const auto continued = renderMarked(conversation, {});
  if (ended && continued) {
    const std::string end = textBehind(*ended, 1);
    const std::string next = textBehind(*continued, 1);
    std::string shared(end.begin(), std::ranges::mismatch(end, next).in1);
    size_t size = 0;
    for (const std::string& token : tokens_.special)
      if (const size_t found = token.empty() ? shared.npos : shared.rfind(token);
          found != shared.npos)
        size = std::max(size, found + token.size());
    endOfTurn_ = shared.substr(0, size);
  }
  conversation.messages.resize(1);
  ChatMessage call{.role = "assistant", .content = ""};
  call.toolCalls = Json::array({{{"type", "function"},
                                 {"id", "abcdefghi"},
                                 {"function", {{"name", "f"}, {"arguments", Json::object()}}}}});
  conversation.messages.push_back(std::move(call));
  conversation.messages.push_back({.role = "tool", .content = "z"});
  findOpening(conversation);
}

size_t ChatTemplate::endOfTurn(const MarkedText& text, size_t at) const {
  size_t begin = 0;
  size_t first = at;  // end of the first special token
  for (const MarkedText::Run& run : text.runs()) {
    if (run.end > at) {
      if (run.mark.origin >= kFirstMessage) break;  // another message
      const size_t from = std::max(begin, at);
      const std::string_view part = std::string_view(text.bytes()).substr(from, run.end - from);
      if (run.mark.origin == 0) {
        // Behind a call other special tokens may come first.
        if (const size_t known = endOfTurn_.empty() ? part.npos : part.find(endOfTurn_);
            known != part.npos)
          return from + known + endOfTurn_.size();
        if (const auto found = firstSpecial(part, tokens_.special); found && first == at)
          first = from + found->second;
      }
    }
    begin = run.end;
  }
  return first;
}

// What an assistant writes begins behind what ends the message before it and asks for an answer,
// though its first characters may be the template's, as those of a call are; else with the space
// before its first word.
size_t ChatTemplate::startOfTurn(const MarkedText& text, size_t before, size_t at) const {
  const std::string_view between = std::string_view(text.bytes()).substr(before, at - before);
  const auto isTemplates = [&](size_t from) {
    const MarkedText part = text.part(from, at - from);
    return std::all_of(part.runs().begin(), part.runs().end(),
                       [](const auto& run) { return run.mark.origin < kFirstMessage; });
  };
  size_t start = 0;
  for (const std::string& opening : openings_)
    if (const size_t found = between.rfind(opening); found != between.npos)
      if (const size_t behind = before + found + opening.size(); isTemplates(behind))
        start = std::max(start, behind);
  if (start > 0) return start;
  return between.ends_with(' ') && isTemplates(at - 1) ? at - 1 : at;
}

// A tool's message may repeat what the call said. Where the text begins with the conversation up to
// the call, the call ends there.
size_t ChatTemplate::endOfCalls(const MarkedText& text, const Conversation& conversation,
                                size_t message) const {
  if (conversation.messages[message].toolCalls.is_null()) return std::string::npos;
  Conversation before;
  before.tools = conversation.tools;
  before.messages.assign(conversation.messages.begin(),
                         conversation.messages.begin() + static_cast<ptrdiff_t>(message) + 1);
  const auto made = renderMarked(before, {});
  return made && text.bytes().starts_with(made->bytes()) ? made->size() : std::string::npos;
}

std::vector<ChatTemplate::Range> ChatTemplate::followedRanges(
    const MarkedText& text, const Conversation& conversation) const {
  std::vector<Range> ranges;
  std::vector<std::optional<size_t>> ends(conversation.messages.size());  // of calls
  size_t begin = 0;
  bool goesOn = false;  // nothing of another message came since
  for (const MarkedText::Run& run : text.runs()) {
    const size_t start = std::exchange(begin, run.end);
    if (run.mark.origin < kFirstMessage) continue;
    const size_t message = run.mark.origin - kFirstMessage;
    const bool isAssistant = conversation.messages[message].role == "assistant";
    if (isAssistant && !ends[message]) ends[message] = endOfCalls(text, conversation, message);
    if (isAssistant && start >= *ends[message]) continue;
    if (isAssistant && goesOn && ranges.back().message == message)
      ranges.back().end = run.end;
    else if (isAssistant)
      ranges.push_back({start, run.end, message});
    goesOn = isAssistant;
  }
  size_t before = 0;
  for (Range& range : ranges) {
    range.begin = startOfTurn(text, before, range.begin);
    const size_t said = range.end;
    range.end = endOfTurn(text, said);
    // Special tokens may stand inside of a call, and other than a turn's end behind it.
    const size_t most = *ends[*range.message];
    const bool isEnded = !endOfTurn_.empty() &&
                         std::string_view(text.bytes()).substr(0, range.end).ends_with(endOfTurn_);
    if (most != std::string::npos && !isEnded)
      range.end = std::max(range.end, lastSpecialEnd(text, said, most, tokens_.special));
    before = range.end;
  }
  return ranges;
}

}  // namespace z2
