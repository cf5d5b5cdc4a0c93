#pragma once

// Documents of a token file one by one, cut into their tokens.

#include <memory>

#include <QWidget>

#include "ui/pages/data/data_summary.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace z2::ui {

class DocumentTab : public QWidget {
  Q_OBJECT

 public:
  explicit DocumentTab(QWidget* parent = nullptr);
  void setData(std::shared_ptr<const TokenFile> file, std::shared_ptr<const Tokenizer> tokenizer);
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void load();
  void describe();

  std::shared_ptr<const TokenFile> file_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  QLabel* label_;
  QSpinBox* number_;
  QPushButton* previous_;
  QPushButton* next_;
  QLabel* figures_;
  PieceView* pieces_;
  uint64_t tokens_ = 0;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
