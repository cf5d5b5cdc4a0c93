#pragma once

// A model that stays ready for one text after another: its tokenizer, its chat template, and the
// engine as a child process (core/generate/engine_client.h).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/chat/conversation.h"
#include "core/generate/conversation.h"
#include "core/generate/generation_request.h"
#include "core/model_files/model_source.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::ui {

// What a model is to go on from: a text, or a conversation whose last message is the user's.
struct GenerationPrompt {
  std::string text;                   // of a text
  std::vector<ChatMessage> messages;  // empty: it is a text
  std::string chatTemplate;           // as ConversationFormat::find takes it
};

// The prompt as the model reads it.
struct ReadPrompt {
  std::shared_ptr<const Tokenizer> tokenizer;
  std::vector<int32_t> ids;
  std::vector<std::string> stops;
  std::vector<int64_t> stopIds;
  bool isShortened = false;  // the oldest messages were left out: the context is too short for them
};

// One thread at a time.
class LoadedModel {
 public:
  // Reads the tokenizer and the template, unless they are those that are there already.
  [[nodiscard]] Result<void> open(const GenerationOptions& options, const std::string& choice);
  // Loads the weights, unless they are. `options.errors` and `options.onStarted` as everywhere.
  [[nodiscard]] Result<void> load(const EngineOptions& options);
  // After both.
  [[nodiscard]] Result<ReadPrompt> read(const GenerationPrompt& prompt, int64_t maxNewTokens) const;
  [[nodiscard]] EngineClient& engine() { return *engine_; }
  void unload() { engine_.reset(); }

 private:
  struct Words {
    std::string model;
    std::string tokenizerPath;
    std::string choice;
    ModelDescription description;
    std::shared_ptr<const Tokenizer> tokenizer;
    ConversationFormat format;
  };

  std::optional<Words> words_;
  std::optional<EngineClient> engine_;
  std::string loaded_;  // the model of the engine
};

}  // namespace z2::ui
