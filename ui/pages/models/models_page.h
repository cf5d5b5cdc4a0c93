#pragma once

// The workspace's models: what they are, text from them, import, export, verification.

#include "ui/pages/library/library_page.h"
#include "ui/pages/models/model_summary.h"

class QPushButton;

namespace z2::ui {

class Facts;
class GenerateTab;

class ModelsPage : public LibraryPage {
  Q_OBJECT

 public:
  explicit ModelsPage(Workbench& workbench, QWidget* parent = nullptr);

 protected:
  void retranslate() override;
  void reload() override;
  void showCurrent() override;
  void viewChanged(View view) override;

 private:
  void present();
  void importModel();
  void exportCurrent();
  void verifyCurrent();
  [[nodiscard]] const ModelSummary* current() const;

  QPushButton* import_;
  QPushButton* verify_;
  QPushButton* export_;
  QPushButton* chat_;
  GenerateTab* generate_;
  Facts* about_;
  QList<ModelSummary> summaries_;
};

}  // namespace z2::ui
