#pragma once

// Every piece of a tokenizer, with a search by text or id.

#include <memory>

#include <QWidget>

#include "ui/models/vocabulary_model.h"

class QLabel;
class QLineEdit;
class QTableView;

namespace z2::ui {

class VocabularyTab : public QWidget {
  Q_OBJECT

 public:
  explicit VocabularyTab(QWidget* parent = nullptr);
  // The vocabulary is taken apart when the tab is shown.
  void setTokenizer(std::shared_ptr<const Tokenizer> tokenizer);
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void retranslate();
  void load();
  void search();

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::shared_ptr<const Vocabulary> vocabulary_;
  VocabularyModel* model_;
  QLineEdit* search_;
  QLabel* count_;
  QTableView* table_;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
