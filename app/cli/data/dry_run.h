#pragma once

// z2all data tokenize --dry-run: what conversations would become, before anything is written.

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/data/conversations/chat_builder.h"

namespace z2::cli {

struct DryRunOptions {
  std::optional<uint64_t> sample;  // to be shown
  uint64_t first = 0;              // samples that are looked at; 0: all
  bool isJson = false;
};

// Prints a page for people, or one line of JSON.
[[nodiscard]] Result<void> dryRunConversations(const ChatBuildOptions& options,
                                               std::shared_ptr<const Tokenizer> tokenizer,
                                               const DryRunOptions& wanted);

}  // namespace z2::cli
