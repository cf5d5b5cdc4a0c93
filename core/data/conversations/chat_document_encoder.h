#pragma once

// From a record with a conversation to a document of a token file.

#include <memory>
#include <string>
#include <vector>

#include "core/chat/chat_encoder.h"
#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/sample_reader.h"
#include "core/data/document_encoder.h"

namespace z2 {

inline constexpr const char* kNoTrainedToken = "no trained token";

// What must outlive it: options and tokenizer.
class ChatDocumentEncoder final : public DocumentEncoder {
 public:
  // `formats`: of each input.
  [[nodiscard]] static Result<std::unique_ptr<ChatDocumentEncoder>> create(
      const ChatBuildOptions& options, std::shared_ptr<const Tokenizer> tokenizer,
      std::vector<SampleFormat> formats);

  [[nodiscard]] const About& about() const override { return about_; }
  [[nodiscard]] std::unique_ptr<Session> session() const override;
  // At most 5 % of the samples may be without a trained token, or cut.
  [[nodiscard]] Result<void> judge(const BuildCounts& counts) const override;

  // Special tokens that the template relies on and the tokenizer has not.
  [[nodiscard]] std::vector<std::string> missingTokens() const;
  // Whether what is trained of a turn ends with a special token, so that a model learns to stop.
  [[nodiscard]] bool endsTurns() const;

 private:
  class ChatSession;
  ChatDocumentEncoder(const ChatBuildOptions& options, ChatEncoder encoder,
                      ChatTemplate chatTemplate, std::vector<SampleFormat> formats, About about);

  const ChatBuildOptions& options_;
  const ChatEncoder encoder_;
  const ChatTemplate template_;
  const std::vector<SampleFormat> formats_;
  const About about_;
};

}  // namespace z2
