#include "core/generate/conversation.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/generate/text_stream.h"
#include "core/generate/trained_template.h"

namespace z2 {

namespace {

constexpr std::string_view kPlain = "plain";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string transcript(const std::vector<ChatMessage>& messages) {
  std::string text;
  for (const ChatMessage& message : messages) {
    if (!text.empty()) text += "\n";
    if (message.role == "user") text += "User: ";
    if (message.role == "assistant") text += "Assistant: ";
    text += trimmed(message.content);
  }
  return text + "\nAssistant:";
}

ChatMessage messageOf(const char* role, const char* content) {
  ChatMessage message;
  message.role = role;
  message.content = content;
  return message;
}

}  // namespace

ConversationFormat ConversationFormat::plain(std::shared_ptr<const Tokenizer> tokenizer) {
  ConversationFormat format(std::move(tokenizer));
  format.stops_ = {"\nUser:"};
  return format;
}

Result<ConversationFormat> ConversationFormat::fromTemplate(
    const TemplateSource& source, std::shared_ptr<const Tokenizer> tokenizer) {
  ConversationFormat format(tokenizer);
  format.encoder_ = std::make_shared<const ChatEncoder>(std::move(tokenizer));
  Z2_TRY(ChatTemplate parsed,
         ChatTemplate::create(source.source, source.name, format.encoder_->tokens()));
  format.template_ = std::make_shared<const ChatTemplate>(std::move(parsed));
  format.name_ = source.name;
  format.findEndOfTurn();
  format.findToolCalls();
  return format;
}

Result<ConversationFormat> ConversationFormat::find(const std::string& choice,
                                                    const ModelDescription& model,
                                                    const std::filesystem::path& tokenizerPath,
                                                    std::shared_ptr<const Tokenizer> tokenizer) {
  if (choice == kPlain) return plain(std::move(tokenizer));
  if (!choice.empty()) {
    Z2_TRY(const TemplateSource source, findTemplate(choice, tokenizerPath));
    return fromTemplate(source, std::move(tokenizer));
  }
  Z2_TRY(const std::optional<TemplateSource> own, templateOf(model, tokenizerPath));
  if (!own) return plain(std::move(tokenizer));
  return fromTemplate(*own, std::move(tokenizer));
}

// The last token that training would have taught: a special one ends the turn. A template that
// refuses the question has no such token here.
void ConversationFormat::findEndOfTurn() {
  Conversation probe;
  probe.messages = {messageOf("user", "a"), messageOf("assistant", "b")};
  const auto pieces = template_->render(probe);
  EncodeScratch scratch;
  ChatTokens tokens;
  if (!pieces || !encoder_->encode(*pieces, scratch, tokens)) return;
  for (size_t i = tokens.ids.size(); i-- > 0;) {
    if (tokens.mask[i] == 0) continue;
    if (tokenizer_->isSpecial(tokens.ids[i])) stopIds_.push_back(tokens.ids[i]);
    return;
  }
}

// By what the template makes of a call, read as an answer is.
void ConversationFormat::findToolCalls() {
  constexpr const char* kName = "probe_function";
  const Json function = {{"name", kName},
                         {"description", "d"},
                         {"parameters", {{"type", "object"}, {"properties", Json::object()}}}};
  Conversation probe;
  probe.tools = Json::array({{{"type", "function"}, {"function", function}}});
  probe.messages = {messageOf("user", "a")};
  const auto shown = template_->render(probe);
  const auto namesFunction = [&](const ChatPiece& piece) {
    return piece.text.find(kName) != std::string::npos;
  };
  if (!shown || std::ranges::none_of(*shown, namesFunction)) return;
  ChatMessage call = messageOf("assistant", "");
  call.toolCalls =
      Json::array({{{"type", "function"},
                    {"id", "abcdefghi"},
                    {"function", {{"name", kName}, {"arguments", {{"key", "value"}}}}}}});
  probe.messages.push_back(std::move(call));
  const auto pieces = template_->render(probe);
  EncodeScratch scratch;
  ChatTokens tokens;
  if (!pieces || !encoder_->encode(*pieces, scratch, tokens)) return;

  std::vector<int32_t> markers;
  for (const std::string_view marker : kToolCallMarkers)
    if (const auto id = tokenizer_->tokenId(marker); id && tokenizer_->isSpecial(*id))
      markers.push_back(*id);
  TextStream stream(tokenizer_, {}, markers);
  for (size_t i = 0; i < tokens.ids.size(); ++i)
    if (tokens.mask[i] != 0) (void)stream.push(tokens.ids[i]);
  (void)stream.finish();
  for (const ToolCallStyle style : kToolCallStyles) {
    const Json calls = readToolCalls(stream.text(), style).calls;
    if (calls.size() != 1 || calls[0]["function"]["name"] != kName) continue;
    toolCalls_ = style;
    toolMarkers_ = std::move(markers);
    return;
  }
}

Result<std::vector<int32_t>> ConversationFormat::encode(const std::vector<ChatMessage>& messages,
                                                        const Json& tools) const {
  EncodeScratch scratch;
  if (!template_) {
    std::vector<int32_t> ids;
    Z2_TRY_VOID(tokenizer_->encode(transcript(messages), {}, scratch, ids));
    return ids;
  }
  Conversation conversation;
  conversation.messages = messages;
  conversation.tools = tools;
  ChatRenderOptions options;
  options.addsGenerationPrompt = true;
  Z2_TRY(const std::vector<ChatPiece> pieces, template_->render(conversation, options));
  ChatTokens tokens;
  Z2_TRY_VOID(encoder_->encode(pieces, scratch, tokens));
  return std::move(tokens.ids);
}

Result<std::vector<int32_t>> encodeConversation(const ConversationFormat& format,
                                                std::vector<ChatMessage> messages, int64_t limit) {
  while (true) {
    Z2_TRY(std::vector<int32_t> ids, format.encode(messages));
    if (std::ssize(ids) <= limit) return ids;
    const bool hasSystem = !messages.empty() && messages.front().role == "system";
    const auto first = messages.begin() + (hasSystem ? 1 : 0);
    // Up to the next question.
    const auto next =
        std::find_if(first == messages.end() ? first : first + 1, messages.end(),
                     [](const ChatMessage& message) { return message.role == "user"; });
    if (next == messages.end())
      return badInput(
          "question",
          fmt::format("it has {} tokens; the model reads {} beside its answer", ids.size(), limit),
          "Shorten it, or allow a shorter answer");
    messages.erase(first, next);
  }
}

}  // namespace z2
