#pragma once

// One side of a conversation: who answers, with which template, and the messages or their tokens.

#include <QList>
#include <QWidget>

#include "ui/pages/models/model_summary.h"
#include "ui/services/chat_session.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace z2::ui {

class ConversationView;
class TemplateChoice;
class TokenView;

class ChatColumn : public QWidget {
  Q_OBJECT

 public:
  // `session` lives longer; the column tells it who answers.
  ChatColumn(ChatSession& session, size_t side, QWidget* parent = nullptr);

  // Keeps who is chosen.
  void setModels(const QList<ModelSummary>& models);
  // A model's key, or a run's name: its newest checkpoint. False when there is none.
  bool choose(const QString& key);
  [[nodiscard]] QString chosen() const;  // its key
  void setShowsTokens(bool showsTokens);
  void setActive(bool isActive);  // an inactive side does not answer
  void editLastQuestion();
  [[nodiscard]] bool isSettled() const;
  [[nodiscard]] ConversationView& conversation() const { return *conversation_; }

 Q_SIGNALS:
  void partnerChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void retranslate();
  void tellPartner();
  void showTokens();
  void showLate();
  [[nodiscard]] const ModelSummary* current() const;

  ChatSession& session_;
  const size_t side_;
  QList<ModelSummary> models_;
  QBoxLayout* who_;
  QComboBox* model_;
  TemplateChoice* template_;
  QLabel* note_;
  QPushButton* late_;
  QStackedWidget* views_;
  ConversationView* conversation_;
  TokenView* tokens_;
  bool isActive_ = false;
};

}  // namespace z2::ui
