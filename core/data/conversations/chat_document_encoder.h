#pragma once

// From a record with a conversation to a document of a token file.

#include <memory>
#include <string>
#include <vector>

#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/sample_encoder.h"
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

  [[nodiscard]] const SampleEncoder& samples() const { return encoder_; }

 private:
  class ChatSession;
  struct Parts {
    SampleEncoder encoder;
    std::vector<SampleFormat> formats;
    About about;
  };
  ChatDocumentEncoder(const ChatBuildOptions& options, Parts parts);

  const ChatBuildOptions& options_;
  const SampleEncoder encoder_;
  const std::vector<SampleFormat> formats_;
  const About about_;
};

}  // namespace z2
