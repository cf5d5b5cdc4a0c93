#pragma once

// The workspace's tokenizers: train, try, search, import, export.

#include "ui/pages/library/library_page.h"
#include "ui/pages/tokenizers/tokenizer_words.h"

class QPushButton;

namespace z2::ui {

class Facts;
class TrainForm;
class TryTab;
class VocabularyTab;

class TokenizersPage : public LibraryPage {
  Q_OBJECT

 public:
  explicit TokenizersPage(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void reload() override;
  void showCurrent() override;
  void viewChanged(View view) override;
  void showTitle();

 private:
  void makeParts();
  void present();
  void train();
  void importFrom(const QString& source);
  void chooseImport();
  void exportCurrent();
  [[nodiscard]] const TokenizerSummary* current() const;

  QPushButton* import_;
  QPushButton* export_;
  QPushButton* train_;
  TryTab* try_ = nullptr;  // it and what follows are made in parts
  VocabularyTab* vocabulary_ = nullptr;
  Facts* about_ = nullptr;
  TrainForm* form_ = nullptr;
  QList<TokenizerSummary> summaries_;
};

}  // namespace z2::ui
