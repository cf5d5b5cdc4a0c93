#pragma once

// Lets a model continue a text, or answer in a conversation, token by token, without holding up the
// window. The engine is a child process that stays with its model for further texts and is let go
// after two minutes without any.

#include <memory>

#include <QObject>
#include <QString>

#include "core/base/error.h"
#include "core/generate/generation_request.h"
#include "ui/services/loaded_model.h"

namespace z2::ui {

struct GenerationEnd {
  QString reason;  // stop (the text came to its end), length, context, interrupted
  int tokens = 0;
  double secondsToFirst = 0;  // until the first token: the prompt is read meanwhile
  double secondsBehind = 0;   // from the first to the last
};
// Of the tokens behind the first; 0 where they came too quickly to tell.
[[nodiscard]] double tokensPerSecond(const GenerationEnd& end);

class TextGenerator : public QObject {
  Q_OBJECT

 public:
  explicit TextGenerator(QObject* parent = nullptr);
  ~TextGenerator() override;  // ends the engine

  // Ends what is under way, then begins. `options.engine.model`: what describeModel takes.
  void start(const GenerationOptions& options, GenerationPrompt prompt);
  void stop();  // ended follows, with "interrupted"
  [[nodiscard]] bool isBusy() const { return isBusy_; }

 Q_SIGNALS:
  void ready(const z2::ui::ReadPrompt& prompt);  // the model is loaded and reads
  // More of the text; `id`: the token that was drawn, -1 with what was held back until the end.
  // The text is often empty.
  void wrote(const QString& text, int id);
  void ended(const z2::ui::GenerationEnd& end);
  void failed(const z2::Error& error);

 private:
  class Worker;
  bool isBusy_ = false;
  int current_ = 0;  // the number of the text that may speak
  std::unique_ptr<Worker> worker_;
};

}  // namespace z2::ui
