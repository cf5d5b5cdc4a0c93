#pragma once

// The messages of one side of a conversation, the newest at the bottom, where the view stays while
// an answer is written unless the reader scrolled up.

#include <vector>

#include <QScrollArea>

#include "ui/services/chat_session.h"

class QLabel;
class QVBoxLayout;

namespace z2::ui {

class MessageView;

class ConversationView : public QScrollArea {
  Q_OBJECT

 public:
  // `session` lives longer.
  ConversationView(ChatSession& session, size_t side, QWidget* parent = nullptr);

  void showTurns();
  void showAnswer(size_t turn);
  void setBusy(bool isBusy);
  // What stands here before the first message.
  void setHint(const QString& text);
  void editLastQuestion();
  // Tab goes from `before` through the messages.
  void setTabBefore(QWidget* before) { before_ = before; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Shown {
    MessageView* question = nullptr;
    MessageView* answer = nullptr;
    QWidget* last = nullptr;  // of its controls, for Tab
  };

  void addTurn();
  void fit();

  ChatSession& session_;
  const size_t side_;
  QWidget* inner_;
  QVBoxLayout* column_;
  QLabel* hint_;
  std::vector<Shown> turns_;
  QWidget* before_ = nullptr;
  bool isAtEnd_ = true;
};

}  // namespace z2::ui
