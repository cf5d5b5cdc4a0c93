#pragma once

// A text box that the chosen model continues.

#include <filesystem>

#include <QWidget>

#include "ui/services/text_generator.h"
#include "ui/services/workbench.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace z2::ui {

class SamplingForm;

class GenerateTab : public QWidget {
  Q_OBJECT

 public:
  explicit GenerateTab(Workbench& workbench, QWidget* parent = nullptr);
  // A text of another model is ended.
  void setModel(const std::filesystem::path& model, bool hasTokenizer);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void generate();
  void showEnd(const GenerationEnd& end);
  void showBusy(bool isBusy);

  Workbench& workbench_;
  TextGenerator* generator_;
  std::filesystem::path model_;
  bool hasTokenizer_ = false;
  QPlainTextEdit* prompt_;
  SamplingForm* sampling_;
  QPushButton* generate_;
  QPushButton* stop_;
  QLabel* state_;
  QPlainTextEdit* text_;
  bool isPromptOurs_ = true;
};

}  // namespace z2::ui
