#include "ui/services/loaded_model.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/generate/model_tokenizer.h"

namespace z2::ui {

Result<void> LoadedModel::open(const GenerationOptions& options, const std::string& choice) {
  const std::string& model = options.engine.model;
  if (words_ && words_->model == model && words_->tokenizerPath == options.tokenizer &&
      words_->choice == choice)
    return {};
  words_.reset();
  Z2_TRY(ModelDescription description, describeModel(model));
  Z2_TRY(auto tokenizer, openModelTokenizer(description, options.tokenizer));
  Z2_TRY(ConversationFormat format,
         ConversationFormat::find(choice, description,
                                  tokenizerPathOf(description, options.tokenizer), tokenizer));
  words_.emplace(Words{.model = model,
                       .tokenizerPath = options.tokenizer,
                       .choice = choice,
                       .description = std::move(description),
                       .tokenizer = std::move(tokenizer),
                       .format = std::move(format)});
  return {};
}

Result<void> LoadedModel::load(const EngineOptions& options) {
  if (engine_ && loaded_ == options.model) return {};
  engine_.reset();
  Z2_TRY(EngineClient engine, EngineClient::start(options));
  engine_.emplace(std::move(engine));
  loaded_ = options.model;
  return {};
}

Result<ReadPrompt> LoadedModel::read(const GenerationPrompt& prompt, int64_t maxNewTokens) const {
  ReadPrompt read{.tokenizer = words_->tokenizer,
                  .ids = {},
                  .stops = {},
                  .stopIds = stopIdsOf(words_->description, *words_->tokenizer)};
  if (prompt.messages.empty()) {
    Z2_TRY(read.ids, encodePrompt(*read.tokenizer, prompt.text, false));
    if (read.ids.empty()) return badInput("", "there is no text to continue", "Write a few words");
    return read;
  }
  const ConversationFormat& format = words_->format;
  const int64_t capacity = engine_->capacity();
  const int64_t room = std::max(capacity - maxNewTokens, capacity / 2);
  Z2_TRY(read.ids, format.encode(prompt.messages));
  if (std::ssize(read.ids) > room) {
    Z2_TRY(read.ids, encodeConversation(format, prompt.messages, room));
    read.isShortened = true;
  }
  read.stops = format.stops();
  read.stopIds.insert(read.stopIds.end(), format.stopIds().begin(), format.stopIds().end());
  return read;
}

}  // namespace z2::ui
