#pragma once

// Which chat template a conversation is written with: the model's own, one that the program knows,
// plain text, or a Jinja file.

#include <filesystem>
#include <string>

#include "ui/widgets/choice_box.h"

namespace z2::ui {

class TemplateChoice : public ChoiceBox {
  Q_OBJECT

 public:
  enum class Use {
    kConversation,  // without a template, plain text
    kExport,        // without a template, none is written
    kData           // of the tokenizer that makes data; without a template, chatml
  };
  explicit TemplateChoice(Use use, QWidget* parent = nullptr);

  // Looks beside the GUI thread whether the model (of data: the tokenizer) has a template; what was
  // chosen stays.
  void setModel(const std::filesystem::path& model);
  // A Jinja file, as if it had been browsed for.
  void chooseFile(const QString& file);
  // Empty: the model's own. Else as findTemplate takes it, or "plain".
  [[nodiscard]] std::string choice() const;
  [[nodiscard]] bool isKnown() const { return !isLooking_; }
  // Whether neither the model has a template nor one was chosen.
  [[nodiscard]] bool isNone() const;

 Q_SIGNALS:
  void decided();  // it was chosen, or what the model has became known

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void browse();

  const Use use_;
  std::filesystem::path model_;
  QString own_;  // name of the model's template; empty: none
  bool isLooking_ = false;
};

}  // namespace z2::ui
