#pragma once

// The workspace's token files: what is in them, document by document; and making new ones.

#include "ui/pages/data/data_summary.h"
#include "ui/pages/library/library_page.h"

class QPushButton;
class QTableWidget;

namespace z2::ui {

class DataForm;
class DocumentTab;
class Facts;
class HistogramView;

class DataPage : public LibraryPage {
  Q_OBJECT

 public:
  explicit DataPage(Workbench& workbench, QWidget* parent = nullptr);
  [[nodiscard]] bool isSettled() const override;

 protected:
  void retranslate() override;
  void reload() override;
  void showCurrent() override;
  void viewChanged(View view) override;

 private:
  [[nodiscard]] QWidget* makeStatistics();
  void makeDropped();
  void present();
  void showDetail(const DataDetail& detail);
  void showFacts();
  void make();
  [[nodiscard]] const DataSummary* current() const;
  [[nodiscard]] QList<QPair<QString, QString>> factsOf(const DataSummary& summary) const;

  QPushButton* new_;
  Facts* facts_;
  QLabel* lengthsTitle_;
  HistogramView* lengths_;
  DocumentTab* documents_;
  QTableWidget* dropped_;
  DataForm* form_;
  QList<DataSummary> summaries_;
  DataDetail detail_;
  int detailAsked_ = 0;
  int detailShown_ = 0;
};

}  // namespace z2::ui
