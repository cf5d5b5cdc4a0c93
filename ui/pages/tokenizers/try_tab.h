#pragma once

// Text in, pieces out, as one types.

#include <memory>

#include <QWidget>

#include "core/tokenizer/tokenizer.h"

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QTimer;

namespace z2::ui {

class PieceView;

class TryTab : public QWidget {
  Q_OBJECT

 public:
  explicit TryTab(QWidget* parent = nullptr);
  void setTokenizer(std::shared_ptr<const Tokenizer> tokenizer);
  [[nodiscard]] bool isSettled() const { return asked_ == shown_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Outcome;
  void retranslate();
  void encode();
  void present(Outcome outcome);

  std::shared_ptr<const Tokenizer> tokenizer_;
  QPlainTextEdit* text_;
  QCheckBox* readsSpecial_;
  QLabel* figures_;
  PieceView* pieces_;
  QTimer* pause_;
  int asked_ = 0;
  int shown_ = 0;
  bool isSample_ = true;  // the text is still ours
};

}  // namespace z2::ui
