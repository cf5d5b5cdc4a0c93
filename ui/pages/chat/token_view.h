#pragma once

// An answer as the model saw it: every token of the prompt, as the template wrote it, and those
// that the model drew, special tokens as chips.

#include <QWidget>

#include "ui/pages/library/piece_view.h"
#include "ui/services/chat_session.h"

class QLabel;

namespace z2::ui {

class TokenView : public QWidget {
  Q_OBJECT

 public:
  explicit TokenView(QWidget* parent = nullptr);

  // Null: there is no answer yet.
  void showAnswer(const ChatAnswer* answer);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void showFigures();

  QLabel* figures_;
  PieceView* pieces_;
  std::vector<int32_t> prompt_;  // what is shown: so much of the prompt and of the answer
  std::vector<int32_t> ids_;
};

}  // namespace z2::ui
