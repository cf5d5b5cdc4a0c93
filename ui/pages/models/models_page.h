#pragma once

// The workspace's models: what they are, text from them, import, export, verification.

#include "ui/pages/models/model_summary.h"
#include "ui/pages/page.h"
#include "ui/services/job_service.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace z2::ui {

class EmptyState;
class EntryList;
class Facts;
class GenerateTab;

class ModelsPage : public Page {
  Q_OBJECT

 public:
  explicit ModelsPage(Workbench& workbench, QWidget* parent = nullptr);
  void select(const QStringList& names) override;
  void refresh() override { reload(); }
  [[nodiscard]] bool isSettled() const override { return asked_ == shown_; }

 protected:
  void retranslate() override;
  void showEvent(QShowEvent* event) override;

 private:
  void makeLibraryView();
  void reload();
  void present(const QList<ModelSummary>& summaries);
  void showCurrent();
  void importModel();
  void exportCurrent();
  void verifyCurrent();
  void jobEnded(const Job& job);
  [[nodiscard]] const ModelSummary* current() const;

  QPushButton* import_;
  QPushButton* verify_;
  QPushButton* export_;
  QStackedWidget* views_;
  EmptyState* empty_;
  EntryList* list_;
  QLabel* problem_;
  QTabWidget* tabs_;
  GenerateTab* generate_;
  Facts* about_;
  QList<ModelSummary> summaries_;
  QString wanted_;  // to be chosen once it is there
  int asked_ = 0;
  int shown_ = 0;
};

}  // namespace z2::ui
