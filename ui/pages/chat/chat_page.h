#pragma once

// Talk with a model, or with two side by side on the same words and the same seed.

#include <array>

#include "ui/pages/models/model_summary.h"
#include "ui/pages/page.h"
#include "ui/services/chat_session.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QShortcut;
class QStackedWidget;

namespace z2::ui {

class ChatColumn;
class EmptyState;
class MessageInput;
class SamplingForm;

class ChatPage : public Page {
  Q_OBJECT

 public:
  explicit ChatPage(Workbench& workbench, QWidget* parent = nullptr);

  // Keys of one or two models (model_summary.h), or names of runs.
  void select(const QStringList& names) override;
  void refresh() override { reload(); }
  [[nodiscard]] bool isSettled() const override;
  [[nodiscard]] ChatSession& session() const { return *session_; }

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeTalk();
  void makeSettings();
  void bind();
  void reload();
  void takeModels(const QList<ModelSummary>& models);
  void chooseWanted();
  void showSecond(bool isShown);
  void setSecond(bool isActive);
  void chooseBase();
  void send();
  void clear();
  void showBusy();
  void tellSettings();
  void saySettings();
  void sayEmpty();

  ChatSession* session_;
  QPushButton* second_;
  QPushButton* tokens_;
  QPushButton* settings_;
  QPushButton* copy_;
  QPushButton* clear_;
  QStackedWidget* views_;
  QWidget* whole_;
  EmptyState* empty_ = nullptr;
  std::array<ChatColumn*, kChatSides> columns_{};
  MessageInput* input_;
  QPushButton* send_;
  QPushButton* stop_;
  QWidget* field_;
  QWidget* panel_ = nullptr;
  QLabel* systemLabel_ = nullptr;
  QPlainTextEdit* system_ = nullptr;
  SamplingForm* sampling_ = nullptr;
  QShortcut* stopKey_;
  QShortcut* againKey_;
  QList<ModelSummary> models_;
  QStringList wanted_;
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
