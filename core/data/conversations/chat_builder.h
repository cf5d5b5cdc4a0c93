#pragma once

// Conversations and preferences to token files: `z2all data tokenize --task sft|dpo`.
//
// SFT: a sample is one sequence with its loss mask; of a sample that is too long the start is kept.
// DPO: a pair is three sequences (prompt, chosen, rejected), the mask 1 on what an answer trains.
// Each document ends with the end-of-text token, untrained where the template has not written it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/chat/chat_template.h"
#include "core/chat/template_source.h"
#include "core/data/conversations/sample_format.h"
#include "core/data/data_builder.h"
#include "core/tokenizer/tokenizer.h"

namespace z2 {

struct ChatBuildOptions : BuildOptions {
  // What is cut of a pair whose prompt and longer answer have more than maxLength tokens.
  enum class Truncation {
    kKeepStart,  // the ends of the answers
    kKeepEnd,    // the start of the prompt, then the ends of the answers
  };

  SampleTask task = SampleTask::kSft;
  ColumnMap columns;
  TemplateSource chatTemplate;
  TrainOn trainOn = TrainOn::kAssistant;  // SFT
  int64_t maxLength = 0;                  // tokens with the end-of-text token; 0: no limit
  Truncation truncation = Truncation::kKeepStart;
  bool allowsUntrained = false;  // more than 5 % of the samples without a trained token
  bool allowsCut = false;        // more than 5 % of them cut
  std::string tokenizerPath;
  std::optional<int32_t> endOfText;  // in place of the tokenizer's own
  std::optional<int64_t> now;        // for templates that ask for the date; nothing: today
};

// As buildData; the notices name the format of each file. Samples without a trained token are left
// out ("no trained token"); when they, or those that were cut, are more than 5 % it is kBadInput.
[[nodiscard]] Result<BuildSummary> buildChatData(const ChatBuildOptions& options,
                                                 std::shared_ptr<const Tokenizer> tokenizer);

}  // namespace z2
