#pragma once

// One message of a conversation: who speaks, the text in its bubble, how the answer came out, and
// what can be done with it.

#include <QWidget>

#include "ui/services/chat_session.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace z2::ui {

class MessageText;

class MessageView : public QWidget {
  Q_OBJECT

 public:
  enum class Speaker { kUser, kModel };
  explicit MessageView(Speaker speaker, QWidget* parent = nullptr);

  void showQuestion(const QString& text);
  // `isBorrowed`: the other model gave it.
  void showAnswer(const ChatAnswer& answer, bool isBorrowed);
  // While an answer is written nothing can be changed.
  void setBusy(bool isBusy);
  void setLast(bool isLast);  // the last answer can be asked for again
  void setWidest(int width);  // of the whole message
  [[nodiscard]] const MessageText& text() const { return *text_; }
  void edit();
  // Tab goes from `before` to this message's controls; returns the last of them.
  QWidget* chainBehind(QWidget* before);

 Q_SIGNALS:
  void edited(const QString& text);
  void againWanted();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  class Bubble;

  QPushButton* addButton(const char* name, const QString& icon);
  void retranslate();
  void endEditing(bool isKept);
  void showButtons();
  [[nodiscard]] QString stateText() const;

  const Speaker speaker_;
  QLabel* name_;
  Bubble* bubble_;
  MessageText* text_;
  QLabel* state_;
  QHBoxLayout* actions_;
  QPushButton* edit_;
  QPushButton* copy_;
  QPushButton* again_;
  QPushButton* cancel_;
  QPushButton* keep_;
  ChatAnswer answer_;  // of a model; without its tokens
  QString before_;     // the text before it was edited
  bool isBorrowed_ = false;
  bool isBusy_ = false;
  bool isLast_ = false;
  bool isEditing_ = false;
};

}  // namespace z2::ui
