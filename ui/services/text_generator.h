#pragma once

// Lets a model continue a text, token by token, without holding up the window. The engine is a
// child process (core/generate/engine_client.h) that stays with its model for further texts and is
// let go after two minutes without any.

#include <memory>

#include <QObject>
#include <QString>

#include "core/base/error.h"
#include "core/generate/generation_request.h"

namespace z2::ui {

class TextGenerator : public QObject {
  Q_OBJECT

 public:
  explicit TextGenerator(QObject* parent = nullptr);
  ~TextGenerator() override;  // ends the engine

  // Ends what is under way, then begins. `options.engine.model`: what describeModel takes.
  void start(const GenerationOptions& options, const QString& prompt);
  void stop();  // ended follows, with "interrupted"
  [[nodiscard]] bool isBusy() const { return isBusy_; }

 Q_SIGNALS:
  void ready();                     // the model is loaded
  void text(const QString& piece);  // more of the continuation
  // `reason`: stop (the text came to its end), length, context, interrupted.
  void ended(const QString& reason, int tokens, double seconds);
  void failed(const z2::Error& error);

 private:
  class Worker;
  bool isBusy_ = false;
  int current_ = 0;  // the number of the text that may speak
  std::unique_ptr<Worker> worker_;
};

}  // namespace z2::ui
