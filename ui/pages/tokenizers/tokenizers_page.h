#pragma once

// The workspace's tokenizers: train, try, search, import, export.

#include "ui/pages/page.h"
#include "ui/pages/tokenizers/tokenizer_words.h"
#include "ui/services/job_service.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace z2::ui {

class EmptyState;
class EntryList;
class Facts;
class TrainForm;
class TryTab;
class VocabularyTab;

class TokenizersPage : public Page {
  Q_OBJECT

 public:
  explicit TokenizersPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  void refresh() override { reload(); }
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  enum View { kEmpty, kLibrary, kForm };
  void makeLibraryView();
  void reload();
  void present(QList<TokenizerSummary> summaries);
  void showCurrent();
  void showView(View view);
  void train();
  void importFrom(const QString& source);
  void chooseImport();
  void exportCurrent();
  void jobEnded(const Job& job);
  [[nodiscard]] const TokenizerSummary* current() const;

  QPushButton* import_;
  QPushButton* export_;
  QPushButton* train_;
  QStackedWidget* views_;
  EmptyState* empty_;
  EntryList* list_;
  QLabel* problem_;
  QTabWidget* tabs_;
  TryTab* try_;
  VocabularyTab* vocabulary_;
  Facts* about_;
  TrainForm* form_;
  QList<TokenizerSummary> summaries_;
  QString wanted_;  // to be chosen once it is there
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
