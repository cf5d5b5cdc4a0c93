#pragma once

// A conversation as the ids that a model goes on from.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/chat/chat_encoder.h"
#include "core/chat/chat_template.h"
#include "core/chat/conversation.h"
#include "core/chat/template_source.h"
#include "core/chat/tool_calls.h"
#include "core/model_files/model_source.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

// How a model was taught to tell turns apart. Immutable and thread-safe.
class ConversationFormat {
 public:
  // For a model that was trained to continue text and nothing else:
  //
  //   User: What is a whale?
  //   Assistant: A whale is an animal that lives in the sea.
  //   User: And a mouse?
  //   Assistant:
  //
  // A system message stands before the first turn. The model's turn ends where a new line begins
  // with "User:".
  [[nodiscard]] static ConversationFormat plain(std::shared_ptr<const Tokenizer> tokenizer);
  [[nodiscard]] static Result<ConversationFormat> fromTemplate(
      const TemplateSource& source, std::shared_ptr<const Tokenizer> tokenizer);
  // What --template says: "plain", or as findTemplate takes it (core/chat/template_source.h).
  // Empty: the template that the model was trained with, or that lies beside its tokenizer, else
  // plain text.
  [[nodiscard]] static Result<ConversationFormat> find(const std::string& choice,
                                                       const ModelDescription& model,
                                                       const std::filesystem::path& tokenizerPath,
                                                       std::shared_ptr<const Tokenizer> tokenizer);

  // The ids up to the place where the assistant goes on. `tools` as OpenAI's, or null.
  [[nodiscard]] Result<std::vector<int32_t>> encode(const std::vector<ChatMessage>& messages,
                                                    const Json& tools = nullptr) const;
  // What ends the assistant's turn, beside the model's end tokens.
  [[nodiscard]] const std::vector<std::string>& stops() const { return stops_; }
  [[nodiscard]] const std::vector<int64_t>& stopIds() const { return stopIds_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // How the assistant writes calls of functions; nothing where functions are not shown to it, or
  // its calls could not be read.
  [[nodiscard]] std::optional<ToolCallStyle> toolCalls() const { return toolCalls_; }
  // The special tokens of such calls, which belong to the answer's text.
  [[nodiscard]] const std::vector<int32_t>& toolMarkers() const { return toolMarkers_; }

 private:
  explicit ConversationFormat(std::shared_ptr<const Tokenizer> tokenizer)
      : tokenizer_(std::move(tokenizer)) {}
  void findEndOfTurn();
  void findToolCalls();

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::shared_ptr<const ChatTemplate> template_;  // null: plain text
  std::shared_ptr<const ChatEncoder> encoder_;
  std::string name_ = "plain text";
  std::vector<std::string> stops_;
  std::vector<int64_t> stopIds_;
  std::optional<ToolCallStyle> toolCalls_;
  std::vector<int32_t> toolMarkers_;
};

// The same of a conversation that may be too long: the oldest turns are left out (a question and
// its answer, never the system message) until it has at most `limit` tokens; kBadInput when the
// system message and the last question alone have more.
[[nodiscard]] Result<std::vector<int32_t>> encodeConversation(const ConversationFormat& format,
                                                              std::vector<ChatMessage> messages,
                                                              int64_t limit);

}  // namespace z2
